"""What an HTML page is made of: its elements, what it states of its article, and what stands beside the story."""

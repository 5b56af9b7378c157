"""Articles in: readers, lines that are no part of the story, sentences, passages, and the sample."""

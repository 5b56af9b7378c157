"""Which sentences to quote, and how sure each is: learned from evidence, see the two JSON files."""

"""Words: the analyzer, postings, BM25, and the best documents without scoring all."""

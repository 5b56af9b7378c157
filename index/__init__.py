"""Found again: analyzer, BM25, encoder, FAISS, storage, and the formula that ranks."""

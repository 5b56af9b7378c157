"""Milvus as a store: it finds candidates and keeps the rows; what is exact is counted and scored here."""

"""One commit to an index in Milvus: rows of a new version, published by one small write."""

"""What is on the disk as the truth: the SQLite tables, the manifest, the lock, older formats."""

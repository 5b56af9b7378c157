"""The arrays of a commit: segments written once, and a snapshot of several as one."""

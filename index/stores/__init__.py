"""Where an index is kept: what an index asks of its place, and the folder as one."""

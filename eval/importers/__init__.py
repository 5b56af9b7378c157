"""Question sets of others, brought into ours. A new format: a module here with a class like the others, and a line in `formats`."""

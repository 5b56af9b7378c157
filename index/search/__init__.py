"""A question in, ranked passages out: the formula, the hits, copies shown once."""

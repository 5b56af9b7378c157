"""Looks after an index: verifies it, estimates one, moves it."""

"""Measures as values: each prints as it is typed and parses back."""

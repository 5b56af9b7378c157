"""Whether a quote stands in the articles."""

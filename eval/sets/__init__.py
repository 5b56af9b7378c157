"""Question sets: gold proposed, judged and checked, and sets for other tools; with the sample's."""

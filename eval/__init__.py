"""Checked: question sets, measures, the runner; benchmarks and their records."""

"""Answered: ask, select, render, and the command line."""

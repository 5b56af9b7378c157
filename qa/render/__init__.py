"""Answers and hits as text, through templates; what is unsafe to show is spelled out."""

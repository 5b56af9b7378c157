"""Sentences and questions to unit vectors."""

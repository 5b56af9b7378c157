"""Vectors: the nearest sentences, exactly or by codes and then exactly."""

"""One commit: what changed in, whole or not at all."""

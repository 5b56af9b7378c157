"""The verbs as JSON over HTTP."""

"""The verbs as tools of the Model Context Protocol, for agents: read-only, on standard input and output."""

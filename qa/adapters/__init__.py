"""Retrievers for the pipelines of other libraries: `langchain`, `llama_index`, `haystack`; each module needs its library."""

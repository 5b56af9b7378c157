"""Documents that are written to be printed: PDF, word processors, books."""

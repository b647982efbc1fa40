"""Use cases and edges: command line, API, pages."""

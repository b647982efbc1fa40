"""Documents of an accountability case."""

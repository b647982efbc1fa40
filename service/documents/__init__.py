"""Data → documents that people read."""

"""Supervised matters, and what is told of them together."""

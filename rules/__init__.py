"""The regulation: its text, its rules as data, and the reasoning over them."""

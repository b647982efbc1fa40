"""The regulation and its population looked at as a whole."""

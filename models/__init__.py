"""State: what is stored and exchanged, and in which shape."""

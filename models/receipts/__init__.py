"""What was recommended, by which rulebook, and what it is proved with. Nobody can change any of it."""

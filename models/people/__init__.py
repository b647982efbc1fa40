"""People: their names, posts, units and accounts."""

"""What the analysis found, for people to read."""

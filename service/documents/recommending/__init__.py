"""The latitude of a case on paper, and the proof of a receipt."""

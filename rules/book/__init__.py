"""A rulebook: its files read, checked against each other, and made into one immutable value."""

"""The encoded regulation changed on purpose, one place at a time: whether the features would notice."""

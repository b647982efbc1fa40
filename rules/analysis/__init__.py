"""The regulation looked at as a whole: verified, mutated, as columns, replayed. Not part of a plain server."""

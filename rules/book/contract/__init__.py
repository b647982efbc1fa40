"""What Python offers to a rulebook, as types: the loader compares the book with them, so that a book that loads can run."""

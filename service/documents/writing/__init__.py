"""What documents are written of, in which words, and by which templates."""

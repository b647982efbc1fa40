"""From facts to an answer: days and counts, the engine, the conclusion, its reasons and duties."""

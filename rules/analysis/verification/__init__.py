"""Whether the encoded regulation is sound as a whole: no gap, no rule without effect, no contradiction, monotone as stated."""

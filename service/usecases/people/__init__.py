"""Accounts, log-in, and what whoever asks may see."""

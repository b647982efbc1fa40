"""Keeping the system: backup, audit, review of what is stored, demonstration."""

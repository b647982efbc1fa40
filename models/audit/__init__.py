"""The audit trail, and what it vouches for."""

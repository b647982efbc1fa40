"""A supervised matter: what its records make of it, what may be done, what follows, and its rows."""

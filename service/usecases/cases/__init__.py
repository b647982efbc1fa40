"""Accountability cases: acting, checking, proving."""

"""The domain: frozen values, legal transitions, named refusals. Pure."""

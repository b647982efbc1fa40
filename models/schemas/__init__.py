"""Marshmallow schemas of what is exchanged: case files coming in, recommendations going out."""

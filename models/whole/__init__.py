"""The whole database: every table, its dump, everything for an export, and whether there is anything."""

"""Every table of the store, so that migrations, backups and tests see them all: those of every room."""

from importlib import import_module
from pkgutil import walk_packages

import models
from models.store.database import Base

METADATA = Base.metadata
for module in walk_packages(models.__path__, "models."):
    if not module.name.startswith(("models.migrations", "models.schemas")):  # schemas keep no table
        import_module(module.name)

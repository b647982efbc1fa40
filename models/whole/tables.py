"""Every table of the store, so that migrations and tests see them all."""

from importlib import import_module
from pkgutil import iter_modules

import models.store
from models.store.database import Base

METADATA = Base.metadata
for module in iter_modules(models.store.__path__):
    import_module(f"models.store.{module.name}")

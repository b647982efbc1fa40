"""Every table of the store, so that migrations, backups and tests see them all."""

from importlib import import_module
from pkgutil import iter_modules

from models import audit, case, matter, office, people, receipts, store
from models.store.database import Base

METADATA = Base.metadata
for package in (audit, case, matter, office, people, receipts, store):
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")

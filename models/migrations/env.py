"""Alembic runs the migrations over the engine of the store."""

from alembic import context

from models.store import receipts, tokens
from models.store.database import connect

engine = connect(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=receipts.Receipt.metadata, render_as_batch=True)
    assert tokens.Token.metadata is receipts.Receipt.metadata
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()

"""Alembic runs the migrations over the engine of the store, one process at a time."""

from alembic import context

from models.store import inspections, matters, receipts, tokens, units
from models.store.database import connect

_LOCK = 592021

engine = connect(context.config.attributes["url"])
with engine.connect().execution_options(write=True) as connection:
    context.configure(connection=connection, target_metadata=receipts.Receipt.metadata, render_as_batch=True)
    assert (
        len(
            {
                row.metadata
                for row in (inspections.InspectionRow, matters.MatterRow, receipts.Receipt, tokens.Token, units.Unit)
            }
        )
        == 1
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        context.run_migrations()
    connection.commit()
engine.dispose()

"""Alembic runs the migrations over the engine of the store, one process at a time."""

from alembic import context
from sqlalchemy import event

from models.store.database import connect
from models.whole.tables import METADATA

_LOCK = 592021

engine = connect(context.config.attributes["url"])
if engine.dialect.name == "sqlite":
    # a table is rebuilt by dropping it, which its references would forbid; only outside a transaction can they be left unchecked
    event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA foreign_keys=OFF"))
with engine.connect().execution_options(write=True) as connection:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # a migration waits for the one before it, and rebuilds tables, as long as that takes
            connection.exec_driver_sql("SET lock_timeout = 0")
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if lost:
                raise RuntimeError(f"升级之后有{len(lost)}处引用没有着落（{lost[0][0]}），没有升级")
    connection.commit()
engine.dispose()

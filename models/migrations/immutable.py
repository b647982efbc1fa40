"""What nobody can change in a table, whoever asks the database: the triggers that migrations give it, as they are since the first."""

from alembic import op

from models.store.kept import statements


def keep(table: str) -> None:
    """Refuse every change and removal of the table's rows."""
    for statement in statements(table, op.get_bind().dialect.name):
        op.execute(statement)

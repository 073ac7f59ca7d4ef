"""What alembic runs: the steps, on the connection and in the transaction that `storage.schema` hands over."""

from alembic import context

from storage.schema import VERSION_TABLE
from storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()

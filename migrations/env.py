"""Alembic's entry: the caller lends a connection, or PAILOT_DATABASE__URL names a database."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from db.models import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


if (lent := context.config.attributes.get("connection")) is not None:
    run(lent)
else:
    with create_engine(os.environ["PAILOT_DATABASE__URL"]).begin() as connection:
        run(connection)

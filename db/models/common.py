"""What all tables share: one MetaData, names of constraints, and marks on columns."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CHAT = {"chat": True}
"""Marks a column that holds a chat's id, so that `Chats.migrate` finds them all."""


def person(*, primary_key: bool = False, index: bool = False) -> Column[int]:
    return Column(
        "person_id",
        BigInteger,
        ForeignKey("people.id", ondelete="CASCADE"),
        primary_key=primary_key,
        index=index or None,
        nullable=False,
    )

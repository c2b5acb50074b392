"""Everything that is kept: one database, transactions as plain functions, and values read from it."""

from db.backends.work import DatabaseRefused, NestedTransaction
from db.queries.buttons import Pressed
from db.queries.chats import ChatRow
from db.queries.inbox import Waiting
from db.queries.outbox import Backlog, Card
from db.queries.owing import Due, DueButton, Sent
from db.queries.people import PersonRow, Preferences, Subscription
from db.secrets import Unreadable
from db.session import Database, UnitOfWork

__all__ = [
    "Backlog",
    "Card",
    "ChatRow",
    "Database",
    "DatabaseRefused",
    "Due",
    "DueButton",
    "NestedTransaction",
    "PersonRow",
    "Preferences",
    "Pressed",
    "Sent",
    "Subscription",
    "UnitOfWork",
    "Unreadable",
    "Waiting",
]

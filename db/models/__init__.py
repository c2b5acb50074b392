"""Every table, as plain Core tables: rows become values in `db.queries`."""

from db.models.common import CHAT, metadata
from db.models.files import folders, trash
from db.models.jobs import drafts, jobs
from db.models.messages import (
    attachments,
    buttons,
    cards,
    dialogs,
    held,
    inbox,
    lanes,
    outbox,
)
from db.models.people import chats, credentials, people, preferences, subscriptions
from db.models.records import audit, leases, meta

__all__ = [
    "CHAT",
    "attachments",
    "audit",
    "buttons",
    "cards",
    "chats",
    "credentials",
    "dialogs",
    "drafts",
    "folders",
    "held",
    "inbox",
    "jobs",
    "lanes",
    "leases",
    "meta",
    "metadata",
    "outbox",
    "people",
    "preferences",
    "subscriptions",
    "trash",
]

"""Every table, as plain Core tables: rows become values in `db.queries`."""

from db.models.common import CHAT, metadata
from db.models.errands import errands
from db.models.feeds import feed_lines, feeds
from db.models.files import folder_sizes, folders, kept_logs, trash
from db.models.images import catalogue, copies, hub_events, pushers, robots, trials
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
    "catalogue",
    "chats",
    "copies",
    "credentials",
    "dialogs",
    "drafts",
    "errands",
    "feed_lines",
    "feeds",
    "folder_sizes",
    "folders",
    "held",
    "hub_events",
    "inbox",
    "jobs",
    "kept_logs",
    "lanes",
    "leases",
    "meta",
    "metadata",
    "outbox",
    "people",
    "preferences",
    "pushers",
    "robots",
    "subscriptions",
    "trash",
    "trials",
]

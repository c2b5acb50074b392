"""Everything that is kept: one database, transactions as plain functions, and values read from it."""

from db.backends.work import DatabaseRefused, NestedTransaction
from db.queries.chats import ChatRow
from db.queries.credentials import Account
from db.queries.drafts import Draft
from db.queries.files import TrashRow
from db.queries.images import Copy, Learned, Tried
from db.queries.imaging.robots import RobotRow
from db.queries.imaging.trials import Trial
from db.queries.jobrows import JobFilter, JobRow, LastChoice
from db.queries.keptlogs import KeptLog
from db.queries.messages.buttons import Pressed
from db.queries.messages.cards import Card
from db.queries.messages.dialogs import Dialog, Held
from db.queries.messages.feeds import Feed, FeedLine
from db.queries.messages.inbox import Waiting
from db.queries.messages.outbox import Backlog
from db.queries.messages.owing import Due, DueButton, Sent
from db.queries.people import LinkedElsewhere, PersonRow
from db.queries.preferences import Preferences, Subscription
from db.queries.records import Lease, Record
from db.queries.sizes import FolderSize
from db.queries.storage.errands import Errand
from db.rotation import rotate
from db.secrets import Unreadable
from db.session import Database, UnitOfWork

__all__ = [
    "Account",
    "Backlog",
    "Card",
    "ChatRow",
    "Copy",
    "Database",
    "DatabaseRefused",
    "Dialog",
    "Draft",
    "Due",
    "DueButton",
    "Errand",
    "Feed",
    "FeedLine",
    "FolderSize",
    "Held",
    "JobFilter",
    "JobRow",
    "KeptLog",
    "LastChoice",
    "Learned",
    "Lease",
    "LinkedElsewhere",
    "NestedTransaction",
    "PersonRow",
    "Preferences",
    "Pressed",
    "Record",
    "RobotRow",
    "Sent",
    "Subscription",
    "TrashRow",
    "Trial",
    "Tried",
    "UnitOfWork",
    "Unreadable",
    "Waiting",
    "rotate",
]

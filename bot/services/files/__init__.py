"""A person's files on the storage server."""

from dataclasses import dataclass

from bot.services.files.albums import AlbumFile, Albums
from bot.services.files.browsing import Bill, Browsing, Found, Listing, NoSuchFile
from bot.services.files.care import KEPT_DAYS, Keeping, Measuring, Share, Trust
from bot.services.files.checks import FileChecks
from bot.services.files.editing import Editing
from bot.services.files.errands import Closed, Errands, Transfers
from bot.services.files.folders import Folders, StorageSite
from bot.services.files.ownkeys import OwnKeys
from bot.services.files.trash import Emptied, Trash
from bot.services.files.unpacking import Unpacking
from bot.services.files.uploads import Crates, Uploads
from bot.services.files.visits import Visits

__all__ = [
    "KEPT_DAYS",
    "AlbumFile",
    "Albums",
    "Bill",
    "Browsing",
    "Closed",
    "Crates",
    "Editing",
    "Emptied",
    "Errands",
    "FileChecks",
    "Folders",
    "Found",
    "Keeping",
    "Listing",
    "Measuring",
    "NoSuchFile",
    "OwnKeys",
    "Share",
    "Storage",
    "StorageSite",
    "Transfers",
    "Trash",
    "Trust",
    "Unpacking",
    "Uploads",
    "Visits",
]


@dataclass(frozen=True, slots=True)
class Storage:
    """Everything that is done with people's folders; without a storage server all of it says so."""

    folders: Folders
    browsing: Browsing
    trash: Trash
    checks: FileChecks
    uploads: Uploads
    crates: Crates
    visits: Visits
    keeping: Keeping
    measuring: Measuring
    errands: Errands
    transfers: Transfers
    own_keys: OwnKeys
    trust: Trust
    albums: Albums
    unpacking: Unpacking
    editing: Editing

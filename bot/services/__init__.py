"""What Pailot does for people, apart from how they ask and how it is stored."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.services.accounts import Accounts
from bot.services.admin import Admin
from bot.services.alerts import Alerts
from bot.services.cluster import ClusterViews
from bot.services.feeds import Feeds
from bot.services.files import Storage
from bot.services.following import Following
from bot.services.images import Images
from bot.services.site import SiteFacts
from bot.services.submitting import Submitting


@dataclass(frozen=True, slots=True)
class Services:
    """One of each, put together in app.py and handed to every handler."""

    accounts: Accounts
    submitting: Submitting
    following: Following
    alerts: Alerts
    feeds: Feeds
    cluster: ClusterViews
    admin: Admin
    images: Images
    files: Callable[[str], Awaitable[bytes]]
    """Fetches a file somebody sent, by its Telegram id; 20 MB at most."""
    site: SiteFacts
    storage: Storage
    """People's folders on the storage server."""
    link: Callable[[str], str]
    """The address that opens the private chat with `/start WORD`; the word is letters, digits, `-` and `_`."""

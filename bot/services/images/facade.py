"""Everything about images in one hand, for handlers."""

from dataclasses import dataclass

from bot.services.images.browsing import Browsing
from bot.services.images.care.tidying import Tidying
from bot.services.images.catalogue import ImageCatalogue
from bot.services.images.changing import Changing
from bot.services.images.checking import ImageChecks
from bot.services.images.copying import Copying
from bot.services.images.logins import Logins
from bot.services.images.others import Others
from bot.services.pushing import Pushing, Robots
from bot.services.trying import Picking, Results, Trying


@dataclass(frozen=True, slots=True)
class Images:
    """One of each; put together in `bot.parts.imaging`."""

    browsing: Browsing
    catalogue: ImageCatalogue
    changing: Changing
    checks: ImageChecks
    copying: Copying
    logins: Logins
    others: Others
    tidying: Tidying
    trying: Trying
    results: Results
    picking: Picking
    pushing: Pushing
    robots: Robots

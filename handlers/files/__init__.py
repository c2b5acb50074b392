"""The personal folder on the storage server."""

from bot.chat.router import Router
from handlers.files import browse, copying, folder, space, transfer, trash

router = Router(
    folder.router,
    browse.router,
    space.router,
    trash.router,
    copying.router,
    transfer.router,
)

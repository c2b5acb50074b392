"""The personal folder on the storage server."""

from bot.chat.router import Router
from handlers.files import browse, copying, edit, folder, key, space, transfer, trash, unpack

router = Router(
    folder.router,
    browse.router,
    space.router,
    trash.router,
    copying.router,
    transfer.router,
    key.router,
    unpack.router,
    edit.router,
)

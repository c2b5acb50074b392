"""The personal folder on the storage server."""

from bot.chat.router import Router
from handlers.files import (
    album,
    browse,
    copying,
    edit,
    folder,
    key,
    space,
    transfer,
    trash,
    unpack,
)

router = Router(
    folder.router,
    browse.router,
    space.router,
    trash.router,
    copying.router,
    transfer.router,
    key.router,
    album.router,
    unpack.router,
    edit.router,
)

"""The upload page: a person's files and directories of any size, straight to the storage server."""

from bot.web.upload.pages import routes

__all__ = ["routes"]

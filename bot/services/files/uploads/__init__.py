"""Files on their way into a folder from the page: large ones in pieces, small ones in batches."""

from bot.services.files.uploads.crates import Crates
from bot.services.files.uploads.singles import BeingSent, Seal, Uploads, WrongOffset

__all__ = ["BeingSent", "Crates", "Seal", "Uploads", "WrongOffset"]

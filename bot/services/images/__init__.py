"""What Pailot knows and does about images: finding, checking, copying, deleting, learning."""

from bot.services.images.facade import Images

__all__ = ["Images"]

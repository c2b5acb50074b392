"""From a line or a document to a job on the cluster, exactly once."""

from bot.services.submitting.completing import Defaults, NoImage
from bot.services.submitting.drafts import BadProtocol, Preview, Submitted
from bot.services.submitting.submitting import Submitting

__all__ = ["BadProtocol", "Defaults", "NoImage", "Preview", "Submitted", "Submitting"]

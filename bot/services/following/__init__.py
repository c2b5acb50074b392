"""Following jobs: lists, cards, logs, and stopping them."""

from bot.services.following.following import Following, JobCard
from bot.services.following.lists import PAGE, JobFilter, JobList, Listed
from bot.services.following.logs import LogTail

__all__ = ["PAGE", "Following", "JobCard", "JobFilter", "JobList", "Listed", "LogTail"]

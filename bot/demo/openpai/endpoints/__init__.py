"""The rest-server's endpoints; importing this package registers them all."""

from bot.demo.openpai.endpoints import attempts, cluster, entry, groups, jobs, kubernetes, people

__all__ = ["attempts", "cluster", "entry", "groups", "jobs", "kubernetes", "people"]

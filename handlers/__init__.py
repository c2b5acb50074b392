"""Every command the bot answers. To add one: write it in a module, and name the module here."""

from bot.chat.router import Router
from handlers import (
    account,
    alerts,
    cluster,
    docker,
    files,
    groups,
    images,
    jobs,
    logs,
    start,
    submit,
    talk,
)

router = Router(
    start.router,
    account.router,
    submit.router,
    jobs.router,
    logs.router,
    cluster.router,
    alerts.router,
    groups.router,
    docker.router,
    images.router,
    files.router,
    talk.router,
)

"""/allow and /deny: which groups may use the bot."""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.people import Place, Role
from bot.domain.text import text

router = Router()


@router.command("allow", place=Place.GROUP, role=Role.ADMIN, changes=True)
async def allow(ask: Ask[Any]) -> Reply:
    new = await ask.services.admin.allow(ask.person, ask.chat.id, ask.chat.title)
    return Reply.of(text("group-allowed" if new else "group-allowed-already"))


@router.command("deny", place=Place.GROUP, role=Role.ADMIN, changes=True)
async def deny(ask: Ask[Any]) -> Reply:
    was = await ask.services.admin.deny(ask.person, ask.chat.id, ask.chat.title)
    return Reply.of(text("group-denied")) if was else Reply()

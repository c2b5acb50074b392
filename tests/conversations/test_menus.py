"""Telegram's command menus: per role, place and language, derived from the router."""

from bot.demo.telegram.menus import commands_for
from tests import polling


def menu(lab, somebody, chat_id=None) -> dict[str, str]:
    state = lab.tg.telegram.state
    chat = state.chats[chat_id or somebody.id]
    found = commands_for(state, chat, somebody.tg.user)
    return {entry["command"]: entry["description"] for entry in found}


async def test_a_stranger_sees_what_a_stranger_may_do_in_their_language(lab, stranger):
    shown = await polling.until(lambda: menu(lab, stranger))
    assert next(iter(shown)) == "start"
    assert list(shown)[-1] == "help"
    assert "run" not in shown
    assert shown["login"] == "link your OpenPAI account"
    chinese = await lab.stranger("李 四", "zh-hans")
    assert menu(lab, chinese)["login"] == "关联你的 OpenPAI 账号"


async def test_a_menu_follows_the_role(lab, stranger):
    lab.pai.user("stan", "stan-password")
    await stranger.asks("/login stan stan-password")
    shown = await polling.until(lambda: "run" in menu(lab, stranger) and menu(lab, stranger))
    assert len(shown) <= 10
    assert {"start", "run", "jobs", "logs", "gpu", "alerts", "help"} <= set(shown)
    assert not {"allow", "deny"} & set(shown)
    await stranger.presses("Only forget", await stranger.asks("/logout"))
    await polling.until(lambda: "run" not in menu(lab, stranger))


async def test_a_group_sees_what_works_in_groups(lab, bob, group):
    shown = await polling.until(lambda: menu(lab, bob, group.id))
    assert {"jobs", "job", "gpu", "help"} <= set(shown)
    assert "run" not in shown
    assert shown["jobs"] == "what is waiting and running in the lab"


async def test_menus_are_set_once_not_at_every_start(lab, bob):
    await polling.until(lambda: menu(lab, bob, bob.id))
    await polling.until(lambda: len(lab.tg.calls_of("setMyShortDescription")) == 2)
    before = len(lab.tg.calls_of("setMyCommands"))
    await lab.restart()
    await bob.asks("/gpu")
    again = lab.tg.calls_of("setMyCommands")[before:]
    assert all("all_" not in str(call.params["scope"]) for call in again)


async def test_commands_of_missing_systems_are_not_there(lab, bob):
    shown = menu(lab, bob)
    assert not {"images", "upload", "free"} & set(shown)
    known = await bob.asks("/help")
    assert not [one for one in ("/images", "/copyimage", "/tagimage") if one in known]
    for gone in ("upload", "copyimage a/b:1 c/d:1", "tagimage a/b:1 x"):
        assert f"don't know /{gone.split()[0]}" in await bob.asks(f"/{gone}")
    for word in ("/image", "/catalog", "/login harbor"):
        said = await bob.asks(word)
        assert "/images" not in said
        assert "password" not in said

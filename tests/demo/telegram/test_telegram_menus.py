"""Command menus, names and menu buttons are kept per scope and language."""

import pytest

JOBS = [{"command": "jobs", "description": "my jobs"}]
TASKS = [{"command": "jobs", "description": "我的任务"}]
ADMIN = [{"command": "users", "description": "accounts"}]


async def menu(api, person, chat_id):
    async with api.session.get(
        "/chat/commands", params={"person": person.id, "chat": chat_id}
    ) as answer:
        return await answer.json()


async def test_a_reader_sees_the_narrowest_scope_and_their_language_first(ann, bob, lab, api):
    await api("setMyCommands", commands=JOBS)
    await api("setMyCommands", commands=TASKS, language_code="zh")
    assert await menu(api, ann, ann.id) == TASKS
    assert await menu(api, bob, bob.id) == JOBS
    await api("setMyCommands", commands=ADMIN, scope={"type": "chat", "chat_id": ann.id})
    assert await menu(api, ann, ann.id) == ADMIN
    await api("setMyCommands", commands=ADMIN, scope={"type": "all_chat_administrators"})
    assert await menu(api, ann, lab.id) == ADMIN
    assert await menu(api, bob, lab.id) == JOBS
    member = {"type": "chat_member", "chat_id": lab.id, "user_id": bob.id}
    await api("setMyCommands", commands=TASKS, scope=member)
    assert await menu(api, bob, lab.id) == TASKS
    await api("deleteMyCommands", scope=member)
    assert await menu(api, bob, lab.id) == JOBS
    assert (await api("getMyCommands", language_code="zh")).result == TASKS
    assert (await api("getMyCommands", language_code="fr")).result == []


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": [{"command": "任务", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "Jobs", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "x", "description": "d" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ({"commands": JOBS * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": JOBS, "language_code": "zh-hans"}, "invalid language code specified"),
        ({"commands": JOBS, "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
async def test_a_menu_is_refused(api, params, refusal):
    assert (await api("setMyCommands", **params)).refusal == f"Bad Request: {refusal}"


async def test_descriptions_fall_back_to_the_one_without_language(api):
    await api("setMyDescription", description="A pilot")
    await api("setMyDescription", description="领航员", language_code="zh")
    assert (await api("getMyDescription", language_code="zh")).result == {"description": "领航员"}
    assert (await api("getMyDescription", language_code="fr")).result == {"description": "A pilot"}
    assert (await api("getMyName")).result == {"name": "Pailot"}
    await api("setMyShortDescription", short_description="x" * 120)
    assert (await api("setMyShortDescription", short_description="x" * 121)).status == 400


async def test_a_menu_button_is_kept_per_private_chat(ann, api):
    button = {"type": "web_app", "text": "Upload", "web_app": {"url": "https://example.edu/up"}}
    assert (await api("setChatMenuButton", menu_button={"type": "commands"})).result is True
    assert (await api("setChatMenuButton", chat_id=ann.id, menu_button=button)).result is True
    assert (await api("getChatMenuButton", chat_id=ann.id)).result == button
    assert (await api("getChatMenuButton")).result == {"type": "commands"}

"""People, what they chose, which accounts they linked, and what is forgotten with them."""

from datetime import timedelta

import pytest

from bot.domain.jobs import Job, JobRef, JobState
from bot.domain.messages import Owed
from bot.domain.people import Role, Token
from bot.domain.text import text
from db import Database, LinkedElsewhere, Preferences
from db.models import metadata
from tests import databases

HOUR = timedelta(hours=1)
ANN, BOB = 2**51, 7


def meet(uow, now, person=ANN, name="Ann <b>", **more):
    return uow.people.meet(person, name, "ann", "zh-hans", now, **more)


async def test_it_remembers_whom_it_met(db, now):
    row = await db.write(lambda uow: meet(uow, now))
    assert (row.id, row.name, row.client_language, row.started) == (
        ANN,
        "Ann <b>",
        "zh-hans",
        False,
    )
    assert row.created_at == row.seen_at == now
    assert await db.read(lambda uow: uow.people.row(ANN)) == row
    assert await db.read(lambda uow: uow.people.row(BOB)) is None


async def test_it_writes_only_what_changed(db, now):
    first = await db.write(lambda uow: meet(uow, now))
    assert await db.write(lambda uow: meet(uow, now + HOUR)) == first
    renamed = await db.write(lambda uow: meet(uow, now + HOUR, name="Anna"))
    assert (renamed.name, renamed.seen_at) == ("Anna", now + HOUR)
    later = await db.write(lambda uow: meet(uow, now + 3 * HOUR, name="Anna"))
    assert later.seen_at == now + 3 * HOUR


async def test_writing_in_private_lets_the_bot_write_there_again(db, now):
    await db.write(lambda uow: meet(uow, now))
    await db.write(lambda uow: uow.people.set_blocked(ANN, now))
    blocked = await db.read(lambda uow: uow.people.row(ANN))
    assert (blocked.blocked_at, blocked.started) == (now, False)
    back = await db.write(lambda uow: meet(uow, now, started=True))
    assert (back.blocked_at, back.started) == (None, True)


@pytest.mark.parametrize(
    ("own", "telegram", "reads"),
    [
        ("", "zh-hans", "zh"),
        ("", "en-GB", "en"),
        ("en", "zh-hant", "en"),
        ("", "fr", "en"),
        ("", "", "en"),
    ],
)
async def test_a_person_reads_their_own_language_or_telegrams_or_the_sites(
    tmp_path, now, own, telegram, reads
):
    database = Database(databases.sqlite_url(tmp_path), [databases.KEY], language="en")
    await database.open()
    try:

        def work(uow):
            uow.people.meet(ANN, "Ann", "", telegram, now)
            uow.people.set_language(ANN, own)
            return uow.people.get(ANN).language

        assert await database.write(work) == reads
    finally:
        await database.close()


async def test_roles_come_from_settings_promotion_and_link(tmp_path, now):
    database = Database(databases.sqlite_url(tmp_path), [databases.KEY], admins=[1])
    await database.open()
    try:

        def work(uow):
            for person in (1, 2, 3, 4):
                meet(uow, now, person)
            uow.people.set_admin(2, True)
            uow.people.link(3, "cat", now)
            assert [p.id for p in uow.people.admins()] == [1, 2]
            return [uow.people.get(person).role for person in (1, 2, 3, 4)]

        roles = await database.write(work)
        assert roles == [Role.ADMIN, Role.ADMIN, Role.MEMBER, Role.STRANGER]
    finally:
        await database.close()


async def test_an_openpai_user_belongs_to_one_person(db, now):
    def link(uow):
        meet(uow, now)
        meet(uow, now, BOB, "Bob")
        uow.people.link(ANN, "ann", now)
        uow.people.link(ANN, "ann", now + HOUR)
        uow.people.link(BOB, "bob", now)

    await db.write(link)
    with pytest.raises(LinkedElsewhere):
        await db.write(lambda uow: uow.people.link(BOB, "ann", now))
    linked = await db.read(lambda uow: uow.people.all_linked(["ann", "carl"]))
    assert [(user, p.id, p.linked_at) for user, p in linked.items()] == [("ann", ANN, now + HOUR)]
    assert set(await db.read(lambda uow: uow.people.all_linked())) == {"ann", "bob"}
    assert (await db.read(lambda uow: uow.people.by_openpai_user("bob"))).id == BOB


async def test_unlinking_takes_the_stored_token_along(db, now):
    def work(uow):
        meet(uow, now)
        uow.people.link(ANN, "ann", now)
        for system in ("openpai", "harbor"):
            uow.credentials.put(ANN, Token(system, "ann", "s"), now)
        uow.people.unlink(ANN)
        return [account.system for account in uow.credentials.accounts(ANN)]

    assert await db.write(work) == ["harbor"]
    assert (await db.read(lambda uow: uow.people.get(ANN))).openpai_user == ""


async def test_preferences_and_subscriptions_are_kept(db, now):
    def work(uow):
        meet(uow, now)
        meet(uow, now, BOB, "Bob")
        assert uow.preferences.get(ANN) == Preferences()
        uow.preferences.put(ANN, ["started", "retrying"], 23 * 60, 7 * 60)
        uow.preferences.put(ANN, ["started"], 22 * 60, None)
        assert uow.preferences.subscribe(ANN, "job", "bob~x", now)
        assert not uow.preferences.subscribe(ANN, "job", "bob~x", now)
        uow.preferences.subscribe(BOB, "job", "bob~x", now)
        uow.preferences.subscribe(BOB, "mute", "bob~x", now)
        assert uow.preferences.unsubscribe(BOB, "mute", "bob~x")
        assert not uow.preferences.unsubscribe(BOB, "mute", "bob~x")

    await db.write(work)
    chosen = Preferences(frozenset({"started"}), 22 * 60, None)
    assert await db.read(lambda uow: uow.preferences.of([ANN, BOB])) == {ANN: chosen}
    listening = await db.read(lambda uow: uow.preferences.subscribed("job", ["bob~x", "y~z"]))
    assert [s.person_id for s in listening] == [ANN, BOB]
    own = await db.read(lambda uow: uow.preferences.subscriptions(BOB))
    assert [(s.kind, s.target) for s in own] == [("job", "bob~x")]


async def test_forgetting_a_person_leaves_nothing_of_them(db, now):
    def live(uow):
        meet(uow, now)
        uow.people.link(ANN, "ann", now)
        uow.credentials.put(ANN, Token("openpai", "ann", "s"), now)
        uow.preferences.put(ANN, ["started"])
        uow.preferences.subscribe(ANN, "user", "bob", now)
        uow.drafts.create("k", ANN, ANN, "ann", "x", {}, now, now + HOUR)
        uow.dialogs.put(ANN, ANN, "login", {}, now + HOUR)
        uow.held.keep(ANN, "failed", "o", [], now)
        uow.outbox.owe(Owed("k", ANN, (text("x"),), owner=ANN), now)
        uow.buttons.create("b", ANN, "a", {}, chat=ANN, now=now, lives_seconds=60)
        uow.cards.put("c", ANN, 5, "", now)
        job = Job(JobRef("ann", "x"), JobState.WAITING)
        uow.jobs.submitted(job, ANN, "my note", "img", "", now)
        uow.jobs.stopped_by(job.ref, ANN)
        uow.audit.add(now, ANN, ANN, "submit", "ann~x", "done")
        uow.people.forget(ANN)

    await db.write(live)

    def left(uow):
        return [
            table.name
            for table in metadata.sorted_tables
            for row in uow.transaction.core.execute(table.select())
            if ANN in tuple(row) or "my note" in tuple(row)
        ]

    assert await db.read(left) == ["audit"]


async def test_credentials_for_watching_come_best_first(db, now):
    def work(uow):
        for person, user in ((1, "late"), (2, "early"), (3, "admin"), (4, "broken"), (5, "boss")):
            meet(uow, now, person)
            at = now if user != "late" else now + HOUR
            uow.credentials.put(person, Token("openpai", user, f"secret of {user}"), at)
        uow.people.set_admin(3, True)
        uow.credentials.failing("openpai", "broken", now)
        uow.credentials.failing("openpai", "broken", now + HOUR)
        uow.credentials.put(1, Token("harbor", "late", "other"), now)

    await db.write(work)
    tokens = await db.read(lambda uow: uow.credentials.for_watching("openpai", [5], 9))
    users = [token.user for token in tokens]
    assert set(users[:2]) == {"admin", "boss"}
    assert users[2:] == ["early", "late", "broken"]
    assert tokens[-1] == Token("openpai", "broken", "secret of broken")
    account = (await db.read(lambda uow: uow.credentials.accounts(4)))[0]
    assert account.failing_since == now
    await db.write(lambda uow: uow.credentials.failing("openpai", "broken", None))
    tokens = await db.read(lambda uow: uow.credentials.for_watching("openpai", [5], 4))
    assert "broken" in [token.user for token in tokens]


async def test_a_new_credential_takes_the_place_of_the_old(db, now):
    def work(uow):
        meet(uow, now)
        uow.credentials.put(ANN, Token("openpai", "ann", "1"), now)
        uow.credentials.failing("openpai", "ann", now)
        uow.credentials.put(ANN, Token("openpai", "anna", "2"), now)
        assert uow.credentials.get(ANN, "openpai") == Token("openpai", "anna", "2")
        assert uow.credentials.accounts(ANN)[0].failing_since is None
        return uow.credentials.drop(ANN, "openpai"), uow.credentials.drop(ANN, "openpai")

    assert await db.write(work) == (True, False)
    assert await db.read(lambda uow: uow.credentials.get(ANN, "openpai")) is None

"""/login, /logout, /me: linking an account, and what becomes of passwords and tokens."""

import pytest
from cryptography.fernet import Fernet

from bot.demo.openpai import OpenPaiEmulator
from bot.demo.telegram import Message
from db import DatabaseRefused
from tests import databases, polling
from tests.lab import Lab, Somebody


def is_gone(message: Message) -> bool:
    return message.now is None


async def begin(somebody: Somebody, user: str = "stan") -> Message:
    """The dialog up to the question for the password."""
    await somebody.asks("/login")
    return await somebody.asks(user)


@pytest.fixture
def stan(lab: Lab, stranger: Somebody) -> Somebody:
    """A stranger with an account on the cluster."""
    lab.pai.user("stan", "stan-password")
    return stranger


async def stored(lab: Lab, somebody: Somebody) -> str:
    token = await lab.bot.db.read(lambda uow: uow.credentials.get(somebody.id, "openpai"))
    return token.secret if token else ""


async def test_a_dialog_links_an_account(lab, stan):
    asked = await begin(stan)
    assert "Now send the password of stan" in asked
    password = await stan.says("stan-password")
    done = await stan.hears("You are stan on OpenPAI")
    assert "Your virtual clusters: default" in done
    assert "My jobs" in done.buttons
    assert is_gone(password)
    # An application token is what is kept; the browser token of the login is revoked.
    assert lab.pai.app_tokens("stan") == [await stored(lab, stan)]
    assert lab.pai.browser_tokens("stan") == []


async def test_one_line_links_an_account(lab, stan):
    line = await stan.says("/login openpai stan stan-password")
    await stan.hears("You are stan")
    assert is_gone(line)
    assert await stored(lab, stan)


async def test_a_wrong_password_may_be_sent_again(stan):
    await begin(stan)
    wrong = await stan.says("stan-passwort")
    await stan.hears("not right")
    assert is_gone(wrong)
    assert "You are stan" in await stan.asks("stan-password")


async def test_a_user_nobody_knows_reads_like_a_wrong_password(stan):
    await begin(stan, "nobody")
    said = await stan.asks("whatever-it-is")
    assert "not right" in said
    again = await stan.presses("Another user name", said)
    assert "user name there" in again


async def test_a_short_password_is_wrong_not_an_error(stan):
    await begin(stan)
    assert "not right" in await stan.asks("abc")
    assert "not right" in await stan.asks("/login stan abc")


async def test_a_user_name_with_spaces_is_asked_for_again(stan):
    await stan.asks("/login")
    assert "has no spaces" in await stan.asks("Stan Doe")
    assert "password of stan" in await stan.asks("stan")


@pytest.mark.parametrize(
    "password", ["two words & more", "/jbos-password", "密码<b>&amp;_*[`", "-- x=1"]
)
async def test_any_password_goes_through_byte_for_byte(lab, stranger, password):
    lab.pai.user("stan", password)
    await begin(stranger)
    sent = await stranger.says(password)
    await stranger.hears("You are stan")
    assert is_gone(sent)


async def test_a_password_with_spaces_fits_on_one_line(lab, stranger):
    lab.pai.user("stan", "two  words & more")
    assert "You are stan" in await stranger.asks("/login stan two  words & more")


async def test_who_cannot_have_the_password_deleted_is_told(lab, stan):
    await begin(stan)
    lab.tg.faults.answer("deleteMessage", 400, description="Bad Request: message can't be deleted")
    await stan.says("stan-password")
    assert "Delete it yourself" in await stan.hears("You are stan")


async def test_a_cancelled_login_takes_no_more_words_for_a_password(stan):
    asked = await begin(stan)
    assert "Cancelled" in await stan.presses("Cancel", asked)
    said = await stan.says("stan-password")
    await stan.hears("did not understand")
    assert not is_gone(said)


async def test_a_dialog_also_ends_by_the_command_people_type_for_that(stan):
    await begin(stan)
    assert "no longer waiting" in await stan.asks("/cancel")
    said = await stan.says("stan-password")
    await stan.hears("did not understand")
    assert not is_gone(said)


async def test_a_password_that_comes_too_late_is_deleted_and_not_used(lab, stan):
    await begin(stan)
    await lab.sleeps(minutes=11)
    late = await stan.says("stan-password")
    assert "took too long" in await stan.hears("too long")
    assert is_gone(late)
    assert lab.pai.tokens("stan") == []


async def test_a_password_sent_while_the_bot_was_away_is_still_taken(lab, stan):
    await begin(stan)
    await lab.stop()
    password = await stan.says("stan-password")
    lab.clock.passes(minutes=30)
    await lab.start()
    await stan.hears("You are stan")
    assert is_gone(password)


async def test_a_login_survives_a_restart_of_the_bot(lab, stan):
    await begin(stan)
    await lab.restart()
    assert "You are stan" in await stan.asks("stan-password")


async def test_an_application_token_links_too(lab, stan):
    asked = await stan.asks("/login")
    assert "application token" in await stan.presses("token", asked)
    assert "not a token" in await stan.asks("stan-password")
    secret = lab.pai.token("stan")
    pasted = await stan.says(secret)
    await stan.hears("You are stan")
    assert is_gone(pasted)
    assert await stored(lab, stan) == secret


async def test_a_revoked_token_is_refused_with_what_to_do(lab, stan):
    secret = lab.pai.token("stan")
    lab.pai.cluster.tokens.revoke(secret)
    said = await stan.asks(f"/login {secret}")
    assert "does not accept this token" in said


async def test_a_cluster_without_passwords_asks_for_a_token(closed_lab):
    lab = closed_lab
    await lab.pai.stop()
    lab.pai = OpenPaiEmulator(clock=lab.clock.seconds, authn="OIDC")
    lab.pai.user("stan", "stan-password")
    await lab.pai.start()
    await lab.start()
    stan = await lab.stranger()
    asked = await stan.asks("/login")
    assert "application token" in asked
    assert "OpenPAI portal" in asked.buttons or "Portal" in asked.buttons
    assert "You are stan" in await stan.asks(lab.pai.token("stan"))
    assert "is unlinked" in await stan.presses("Only forget", await stan.asks("/logout"))


async def test_a_login_while_openpai_is_away_says_so(lab, stan):
    await begin(stan)
    await lab.pai.away()
    password = await stan.says("stan-password")
    assert "No proper answer from OpenPAI" in await stan.hears("proper answer")
    assert is_gone(password)
    await lab.pai.back()


async def test_linking_again_replaces_the_token_and_revokes_the_old_one(lab, stan):
    await stan.asks("/login stan stan-password")
    first = await stored(lab, stan)
    await stan.asks("/login stan stan-password")
    second = await stored(lab, stan)
    assert first != second
    assert lab.pai.app_tokens("stan") == [second]


async def test_what_fails_after_the_link_does_not_look_as_if_it_had_failed(lab, stan):
    """OpenPAI is asked for the virtual clusters last, when the token is kept already."""
    with lab.pai.faults.unauthorized(path="/users/stan$") as fault:
        assert "You are stan" in await stan.asks("/login stan stan-password")
    assert fault.hits


async def test_a_401_storm_costs_nobody_their_account(lab, ann):
    before = await stored(lab, ann)
    lab.pai.faults.kubernetes_down = True
    assert "没有接受为你保存的令牌" in await ann.asks("/job nothing")
    await lab.looks()
    lab.pai.faults.kubernetes_down = False
    assert await stored(lab, ann) == before
    assert "你还没有任务" in await ann.asks("/jobs")


async def test_a_group_never_takes_a_password(lab, stan, group):
    group.adds(stan.tg)
    group.promotes_bot()
    await stan.asks("/start")
    line = await stan.says("/login stan stan-password", group)
    warning = await stan.hears("in a group")
    assert "change that password" in warning
    assert warning.chat_id == stan.id
    assert is_gone(line)
    assert lab.pai.tokens("stan") == []


async def test_a_password_in_a_group_that_cannot_be_deleted_is_pointed_at(lab, stan, group):
    group.adds(stan.tg)
    await stan.asks("/start")
    line = await stan.says("/logout my-secret-password", group)  # the bot is no admin of the group
    assert "could not delete" in await stan.hears("in a group")
    assert not is_gone(line)


async def test_a_password_in_a_group_that_is_not_allowed_is_deleted_without_a_word_there(lab, stan):
    group = lab.tg.group("Elsewhere", members=[stan.tg])
    group.promotes_bot()
    await stan.asks("/start")
    line = await stan.says("/login\u3000stan stan-password", group)  # a Chinese keyboard's space
    assert (await stan.hears("in a group")).chat_id == stan.id
    assert is_gone(line)
    assert stan.said(group) == []


async def test_help_on_logging_in_is_no_password(bob, group):
    line = await bob.says("/login help", group)
    await bob.hears("/login — ")
    assert not is_gone(line)


async def test_a_second_telegram_account_asks_the_first(lab, ann, stranger):
    said = await stranger.asks("/login ann ann-password")
    assert "is linked to another Telegram account" in said
    question = await ann.hears("另一个 Telegram 账号")
    assert "Stan Doe" in question
    assert "ann" in await ann.presses("是我，允许", question)
    await stranger.hears("you can link ann now")
    assert "You are ann" in await stranger.asks("/login ann ann-password")
    assert "还没有关联" in await ann.asks("/me")


async def test_the_first_may_refuse_the_second(lab, ann, bob, stranger):
    await stranger.asks("/login ann ann-password")
    question = await ann.hears("另一个 Telegram 账号")
    assert "修改" in await ann.presses("不是我", question)
    assert "ann" in await ann.asks("/me")
    assert "is linked to another" in await stranger.asks("/login ann ann-password")

    def passes_on(uow):
        uow.people.unlink(ann.id)
        uow.people.link(bob.id, "ann", lab.clock.now())

    await lab.bot.db.write(passes_on)
    assert "is linked to another" in await stranger.asks("/login ann ann-password")
    assert "Stan Doe" in await bob.hears("another Telegram account"), "its owner of now is asked"


async def test_logging_out_with_the_password_revokes_the_token(lab, bob):
    how = await bob.asks("/logout")
    await bob.presses("revoke", how)
    password = await bob.says("bob-password")
    assert "the token is revoked" in await bob.hears("bob is unlinked")
    assert is_gone(password)
    assert lab.pai.tokens("bob") == []
    assert "Link my account" in (await bob.asks("/jobs")).buttons


async def test_logging_out_in_one_line_revokes_too(lab, bob):
    assert "revoked" in await bob.asks("/logout openpai bob-password")
    assert lab.pai.tokens("bob") == []


async def test_logging_out_with_a_wrong_password_changes_nothing(lab, bob):
    await bob.presses("revoke", await bob.asks("/logout"))
    assert "not right" in await bob.asks("bob-passwort")
    assert "OpenPAI: bob" in await bob.asks("/me")
    assert await stored(lab, bob)


async def test_logging_out_without_the_password_says_where_the_token_lives_on(lab, bob):
    said = await bob.presses("Only forget it here", await bob.asks("/logout"))
    assert "lives on" in said
    assert "My profile" in said
    assert await stored(lab, bob) == ""
    assert len(lab.pai.app_tokens("bob")) == 1


async def test_logging_out_of_nothing_says_so(stranger):
    assert "No OpenPAI account" in await stranger.asks("/logout")


async def test_keys_that_open_nothing_of_what_is_kept_end_the_start(lab, bob):
    """Else every command would fail, a new login included, and what waits would be put aside."""
    await lab.stop()
    lab.environ["PAILOT_SECRETS__KEYS"] = Fernet.generate_key().decode()
    with pytest.raises(DatabaseRefused, match=r"secrets\.keys"):
        await lab.start()
    lab.environ["PAILOT_SECRETS__KEYS"] += f",{databases.KEY}"
    await lab.start()
    assert "no jobs yet" in await bob.asks("/jobs")


async def test_me_says_who_one_is(bob, stranger, admin):
    assert "You are a member of the lab" in await bob.asks("/me")
    assert "no OpenPAI account is linked" in await stranger.asks("/me")
    assert "You are an admin" in await admin.asks("/me")


async def test_a_late_login_line_is_not_carried_out_but_asked_for_again(lab, stan):
    await lab.stop()
    line = await stan.says("/login stan stan-password")
    lab.clock.passes(minutes=20)
    await lab.start()
    await stan.hears("user name there")
    await polling.until(lambda: is_gone(line))
    assert lab.pai.tokens("stan") == []

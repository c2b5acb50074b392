"""The client and a strict OpenPAI over sockets: everyday use."""

import pytest
from aiohttp import ClientSession

from bot.demo.openpai import CudaOutOfMemory, OpenPaiEmulator, Outcome
from bot.domain.errors import Denied, NotFound, Refused, Taken, TokenRefused, WrongLogin
from bot.domain.jobs import JobQuery, JobRef, JobState
from bot.domain.people import Token
from bot.domain.protocol import JobSpec, RegistryAuth, write
from bot.openpai import Pai

TRAIN = JobRef("ann", "train")


def spec(name: str = "train", **more: object) -> str:
    return write(JobSpec(name=name, image="pytorch:1.13", command="python train.py", **more))  # type: ignore[arg-type]


async def test_it_finds_the_rest_server_behind_the_portal_and_bare(
    lab: OpenPaiEmulator, session: ClientSession
) -> None:
    for url, portal in [
        (lab.url, lab.url),
        (f"{lab.url}/", lab.url),
        (f"{lab.url}/rest-server/api/v2/", lab.url),
        (f"{lab.url}/index.html?x=1", lab.url),
        (lab.rest_url, ""),
        (f"{lab.rest_url}/api/v2", ""),
    ]:
        pai = Pai(session, url)
        assert (await pai.info()).version == "v1.8.1"
        assert pai.portal == portal


async def test_a_login_makes_an_application_token_and_leaves_no_other(
    lab: OpenPaiEmulator, pai: Pai
) -> None:
    browser = await pai.login("ann", "ann-password")
    application = await pai.create_application_token(browser)
    assert await pai.revoke(browser, browser) is True
    assert lab.browser_tokens("ann") == []
    assert lab.app_tokens("ann") == [application.secret]
    account = await pai.check(application.secret)
    assert (account.name, account.admin, account.token_expires_at) == ("ann", False, None)
    assert (await pai.account("ann", application)).vcs == ("default",)


async def test_a_wrong_password_and_an_unknown_user_are_the_same_answer(pai: Pai) -> None:
    for user, password in [("ann", "wrong-password"), ("nobody", "ann-password"), ("ann", "x")]:
        with pytest.raises(WrongLogin):
            await pai.login(user, password)


async def test_what_is_no_token_is_refused(pai: Pai) -> None:
    for secret in ["", "x", "a.b.c", "令牌", "a\r\nX-Evil: 1"]:
        with pytest.raises(TokenRefused):
            await pai.check(secret)


async def test_a_job_is_submitted_followed_and_read(
    lab: OpenPaiEmulator, pai: Pai, ann: Token, bob: Token
) -> None:
    lab.plan("train", CudaOutOfMemory(after=3))
    await pai.submit(spec(note="消融 3", env=(("X", "it's"),)), ann)
    assert (await pai.job(TRAIN, ann)).job.state is JobState.WAITING
    config = await pai.config(TRAIN, bob)
    assert config["description"] == "消融 3"
    assert config["taskRoles"]["taskrole"]["commands"] == [
        """export X='it'"'"'s'""",
        "python train.py",
    ]
    await lab.until("ann", "train")
    detail = await pai.job(TRAIN, ann)
    assert detail.job.state is JobState.FAILED
    assert detail.exit is not None
    assert any("CUDA out of memory" in line for line in detail.exit.log)
    assert (await pai.attempt(TRAIN, 0, ann)).attempt_state is JobState.FAILED
    (attempt,) = await pai.task_attempts(TRAIN, ann, role=detail.tasks[0].role)
    assert attempt.state is JobState.FAILED


async def test_names_are_used_up_and_refusals_are_told_apart(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    await pai.submit(spec(), ann)
    with pytest.raises(Taken) as taken:
        await pai.submit(spec(), ann)
    assert taken.value.text.args["name"] == "train"
    with pytest.raises(Denied):
        await pai.submit(spec("other", vc="research"), ann)
    with pytest.raises(Refused) as refused:
        await pai.submit(spec("other", gpus=8), ann)
    assert "SKU" in refused.value.detail


async def test_secrets_and_registry_passwords_are_hidden_from_everybody(
    pai: Pai, ann: Token, bob: Token
) -> None:
    auth = RegistryAuth("harbor.example.edu", "robot$ann", "hunter2-registry")
    await pai.submit(spec(auth=auth, secrets=(("wandb", "hunter2-wandb"),)), ann)
    config = await pai.config(TRAIN, bob)
    assert config["secrets"] == "******"
    assert "hunter2" not in str(config)
    assert config["prerequisites"][0]["auth"]["password"] == "<% $secrets.registry_password %>"


async def test_stopping_is_for_owners_and_harmless_when_it_is_over(
    lab: OpenPaiEmulator, pai: Pai, ann: Token, bob: Token
) -> None:
    lab.submit("ann", name="train")
    with pytest.raises(Denied):
        await pai.stop(TRAIN, bob)
    await pai.stop(TRAIN, ann)
    await lab.until("ann", "train")
    assert (await pai.job(TRAIN, ann)).job.state is JobState.STOPPED
    await pai.stop(TRAIN, ann)
    await lab.advance(3600)  # Kubernetes has forgotten it: the server itself answers 500
    await pai.stop(TRAIN, ann)
    with pytest.raises(NotFound):
        await pai.stop(JobRef("ann", "nothere"), ann)


async def test_lists_are_filtered_ordered_and_counted(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    for number in range(4):
        lab.submit("ann", name=f"a{number}", outcome=Outcome(runs_seconds=1))
        await lab.advance(2)
    lab.submit("bob", name="b", vc="research", priority="prod")
    await lab.until("ann", "a3")
    page = await pai.jobs(JobQuery(users=("ann",), limit=2, offset=1), ann)
    assert ([job.ref.name for job in page.jobs], page.total) == (["a2", "a1"], 4)
    assert (await pai.jobs(JobQuery(users=("nobody",)), ann)).total == 0
    page = await pai.jobs(JobQuery(states=(JobState.RUNNING, JobState.WAITING)), ann)
    assert [job.ref for job in page.jobs] == [JobRef("bob", "b")]
    assert page.jobs[0].priority == "prod"
    await pai.tag(JobRef("ann", "a0"), "exp1", ann)
    page = await pai.jobs(JobQuery(tags=("exp1",)), ann)
    assert [job.tags for job in page.jobs] == [("exp1",)]
    await pai.untag(JobRef("ann", "a0"), "exp1", ann)
    with pytest.raises(NotFound):
        await pai.untag(JobRef("ann", "a0"), "exp1", ann)


async def test_a_listing_shows_unfinished_jobs_first_and_nothing_when_nothing_changed(
    lab: OpenPaiEmulator, pai: Pai, ann: Token
) -> None:
    lab.submit("ann", name="done", outcome=Outcome(runs_seconds=1))
    await lab.until("ann", "done")
    lab.submit("ann", name="runs", outcome=Outcome(runs_seconds=1000))
    await lab.until("ann", "runs", "RUNNING")
    lab.pause()
    listing = await pai.listing(ann, limit=10)
    assert listing is not None
    assert [job.ref.name for job in listing.jobs] == ["runs", "done"]
    assert await pai.listing(ann, limit=10, etag=listing.etag) is None
    lab.submit("bob", name="more")
    again = await pai.listing(ann, limit=10, etag=listing.etag)
    assert again is not None
    assert again.jobs[-1] is listing.jobs[-1]
    assert [seen.path for seen in lab.requests].count("/api/v2/jobs") == 3


async def test_the_cluster_is_described(lab: OpenPaiEmulator, pai: Pai, ann: Token) -> None:
    lab.submit("ann", name="train", gpus=2)
    await lab.until("ann", "train", "RUNNING")
    vcs = {vc.name: vc for vc in await pai.virtual_clusters(ann)}
    assert (vcs["default"].gpus_free, vcs["default"].gpus_total) == (2, 4)
    assert sum(node.gpus_used for node in await pai.nodes(ann)) == 2
    assert {sku.name for sku in await pai.skus(ann)} == {"V100", "A100", "CPU"}
    assert [sku.name for sku in await pai.skus(ann, "default")] == ["V100"]
    assert any(storage.default for storage in await pai.storages(ann))
    with pytest.raises(NotFound):
        await pai.skus(ann, "nope")


async def test_a_waiting_job_says_why(lab: OpenPaiEmulator, pai: Pai, ann: Token) -> None:
    lab.submit("ann", name="first", gpus=4, outcome=Outcome(runs_seconds=1000))
    await lab.until("ann", "first", "RUNNING")
    lab.submit("ann", name="train", gpus=1)
    await lab.advance(5)
    events = await pai.events(TRAIN, ann)
    assert any(event.reason == "FailedScheduling" for event in events)
    assert all(event.at is not None for event in events)


async def test_a_clusters_login_without_passwords_is_said_to_be_so(
    session: ClientSession,
) -> None:
    lab = OpenPaiEmulator(authn="OIDC")
    lab.user("ann", "ann-password")
    await lab.start()
    try:
        pai = Pai(session, lab.url)
        assert (await pai.info()).oidc
        with pytest.raises(Refused):
            await pai.login("ann", "ann-password")
        assert (await pai.check(lab.token("ann"))).name == "ann"
    finally:
        await lab.stop()

"""The test of an image: from its card and as a first job, told once whatever happens in between."""

import asyncio

import pytest

from bot.demo.openpai import ImageNotFound, ImageTest, Outcome, Trains
from tests import polling


def trials(lab, user="eve"):
    return [job for job in lab.pai.jobs() if job.user == user and job.name.startswith("test-")]


async def result(lab, who, words, within=20):
    """The job ends, the watcher sees it, and the result is told."""
    await polling.until(lambda: all(job.terminal for job in trials(lab)), within)
    await lab.looks()
    await lab.bot.services.images.results.tick()
    return await who.hears(words, within)


@pytest.fixture
async def card(harbor, eve):
    return await eve.asks("/image torch:1.13")


async def test_an_image_is_tested_from_its_card_and_the_catalogue_learns(harbor, ported, eve, card):
    ported.pai.knows(env=lambda _: ["CUDA_VERSION=11.7.1", "PYTHON_VERSION=3.8.16"])
    preview = await eve.presses("Test", on=card)
    assert "test-torch-" in preview
    assert "small script of mine" in preview
    assert "1 GPU" in preview
    yaml = (await (await eve.presses("YAML", on=preview)).download()).decode()
    assert "nvidia-smi --query-gpu" in yaml
    assert "Submitted" in await eve.presses("Submit", on=preview)
    said = await result(ported, eve, "works here ✅")
    assert "✅ GPU: Tesla V100-SXM2-32GB" in said
    assert "✅ Python 3.8.16" in said
    assert "Mounting was not tried" in said
    assert said.buttons == ["Use in a job", "Log", "Job card"]
    # Told once: the alert of its end is not sent beside it, and no second look tells it again.
    await ported.looks()
    await ported.bot.services.images.results.tick()
    assert not [words for words in eve.said() if "✅ test-torch" in words]
    assert len([words for words in eve.said() if "works here" in words]) == 1
    listed = await eve.asks("/catalog")
    assert "✅ · Python 3.8.16 · PyTorch 1.13 · CUDA 11.7.1" in listed
    assert "eve" in listed
    assert "V100" in listed
    card = await eve.asks("/image torch:1.13")
    assert "Tested here ✅" in card
    assert "by eve on Tesla V100" in card
    asked = await eve.presses("Use in a job", on=said)
    assert "command" in asked


async def test_a_double_tap_makes_one_test_and_another_test_another(harbor, ported, eve, card):
    preview = await eve.presses("Test", on=card)
    await asyncio.gather(eve.taps("Submit", on=preview), eve.taps("Submit", on=preview))
    await eve.hears("Submitted")
    assert len(trials(ported)) == 1
    again = await eve.presses("Test", on=card)
    assert again.text != preview.text  # a name of its own
    await result(ported, eve, "works here")


async def test_a_lost_answer_and_a_restart_make_one_test_and_one_result(harbor, ported, eve, card):
    preview = await eve.presses("Test", on=card)
    refuse = ported.pai.faults.unauthorized(path="/config")
    with ported.pai.faults.cut(after=True, method="POST", path=r"/jobs$", times=1):
        await eve.presses("Submit", on=preview)
    refuse.end()
    await polling.until(lambda: trials(ported))
    await polling.until(lambda: all(job.terminal for job in trials(ported)))
    await ported.recovers()
    await ported.looks()
    await ported.restart()
    await ported.bot.services.images.results.tick()
    await eve.hears("works here")
    await ported.restart()
    await ported.bot.services.images.results.tick()
    assert len(trials(ported)) == 1
    assert len([words for words in eve.said() if "works here" in words]) == 1


async def test_a_framework_that_cannot_use_the_gpu_is_told_in_the_readers_language(
    harbor, ported, ann
):
    card = await ann.asks("/image torch:1.13")
    job = await ann.presses("测试", on=card)
    ported.pai.plan(
        next(word for word in job.text.split() if word.startswith("test-torch-")).join(("~", "")),
        ImageTest(env=("PYTORCH_VERSION=1.13.1",), gpus_seen=False, runs_seconds=1.0),
    )
    await ann.presses("提交", on=job)
    await polling.until(lambda: trials(ported, "ann") and trials(ported, "ann")[0].terminal)
    await ported.looks()
    await ported.bot.services.images.results.tick()
    said = await ann.hears("有问题 ❌")
    assert "❌ GPU：容器里看不到卡" in said
    assert "❌ PyTorch 用不了 GPU" in said
    assert said.buttons == ["日志", "任务卡片"]
    assert "❌" in await ann.asks("/catalog")


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (ImageNotFound(), ["no result ❔", "did not get as far as the test", "Nothing was noted"]),
        (Outcome(exit=1, runs_seconds=1.0), ["no result ❔", "did not get as far"]),
    ],
)
async def test_a_test_that_never_ran_is_told_so_and_nothing_is_noted(
    harbor, ported, eve, card, ending, words
):
    preview = await eve.presses("Test", on=card)
    name = next(word for word in preview.text.split() if word.startswith("test-torch-"))
    ported.pai.plan(f"~{name}", ending)
    await eve.presses("Submit", on=preview)
    await polling.until(lambda: trials(ported) and trials(ported)[0].terminal)
    await ported.looks()
    if not isinstance(ending, ImageNotFound):  # its log may come yet: waited for
        # Not by listening: that it has started may still be on its way to her.
        assert not await ported.bot.services.images.results.tick()
        await ported.sleeps(minutes=11)
    await ported.bot.services.images.results.tick()
    said = await eve.hears("no result")
    for each in words:
        assert each in said
    assert await ported.bot.db.read(lambda uow: uow.images.catalogue()) == []


async def test_openpai_away_at_the_end_is_asked_again(harbor, ported, eve, card):
    preview = await eve.presses("Test", on=card)
    await eve.presses("Submit", on=preview)
    await polling.until(lambda: trials(ported) and trials(ported)[0].terminal)
    await ported.looks()
    with ported.pai.faults.no_code(path="/jobs/eve~test"):
        await ported.bot.services.images.results.tick()
    await ported.bot.services.images.results.tick()
    await eve.hears("works here")


async def test_a_token_that_was_revoked_meanwhile_is_no_end_of_it(harbor, ported, eve, card, admin):
    await eve.presses("Submit", on=await eve.presses("Test", on=card))
    await polling.until(lambda: trials(ported) and trials(ported)[0].terminal)
    await ported.looks()
    with ported.pai.faults.unauthorized(user="eve"):
        await ported.bot.services.images.results.tick()
        await eve.hears("works here")


async def test_words_of_ones_own_make_it_an_ordinary_job(harbor, ported, eve, card):
    preview = await eve.presses("Test", on=card)
    await eve.presses("Edit", on=preview)
    changed = await eve.asks("python /mnt/x.py")
    assert "small script" not in changed
    assert "x-" in changed


async def test_an_image_deleted_meanwhile_is_found_before_it_costs_anything(harbor, eve, card):
    project = harbor.store.projects["public"]
    repository = project.repositories["ml/torch"]
    harbor.store.delete(project, repository, repository.find("1.13"))
    preview = await eve.presses("Test", on=card)
    assert "has no image" in preview
    assert "Submit anyway" in preview.buttons


async def test_a_newcomer_is_offered_a_first_job_on_the_best_image(harbor, ported, eve):
    hello = await eve.asks("/start")
    assert "Try a first job" in hello.buttons
    none = await eve.presses("Try a first job", on=hello)
    assert "Choose one" in none
    image = f"{harbor.host}/public/ml/torch:1.13"
    now = ported.clock.now()
    await ported.bot.db.write(lambda uow: uow.images.recommend(image, 1, "", now))
    preview = await eve.presses("Try a first job", on=hello)
    assert "Your first job" in preview
    assert image in preview
    await eve.presses("Submit", on=preview)
    await result(ported, eve, "works here")
    assert "Try a first job" not in (await eve.asks("/start")).buttons
    # Nobody chose that image for work yet.
    assert "Which image" in await eve.asks("/run python x.py")


async def test_the_login_leads_to_a_first_job(harbor, ported):
    ported.pai.user("new", "new-password")
    new = await ported.stranger("New Comer")
    done = await new.asks("/login openpai new new-password")
    assert "Try a first job" in done.buttons


async def test_old_hands_are_not_called_newcomers(lab, bob):
    await bob.submits("image=x/y:1 python x.py", Trains())
    assert "Try a first job" not in (await bob.asks("/start")).buttons

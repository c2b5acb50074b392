"""/run: from one line to a job on the cluster, exactly once."""

import asyncio

import pytest

from bot.demo.openpai import Trains
from tests import polling
from tests.lab import IMAGE, Lab, Somebody

LINE = f"/run image={IMAGE} gpu=1 python /mnt/train.py --epochs 3"


def config(lab: Lab, somebody: Somebody, name: str):
    return lab.pai.job(somebody.user, name).config


def jobs_of(lab: Lab, somebody: Somebody) -> list[str]:
    return [job.name for job in lab.pai.jobs() if job.user == somebody.user]


async def test_a_line_becomes_a_preview_and_a_press_a_job(lab, ann):
    lab.pai.plan("ann~", Trains(10_000))
    preview = await ann.asks(f"/run image={IMAGE} gpu=1 note=消融3 python /mnt/train.py --epochs 3")
    assert "预览 · 消融3 · train-" in preview
    assert IMAGE in preview
    assert preview.quotes("python /mnt/train.py --epochs 3")
    assert preview.buttons == ["提交", "修改", "YAML", "取消"]
    assert jobs_of(lab, ann) == []
    done = await ann.presses("提交", preview)
    assert "🚀 已提交：消融3 · train-" in done
    assert done.id == preview.id
    assert len(jobs_of(lab, ann)) == 1
    await ann.hears("开始运行：消融3")


async def test_every_option_reaches_the_protocol(lab, bob):
    await bob.says(
        f"/run now name=all-of-it image={IMAGE} gpu=2 cpu=8 mem=20G shm=2G vc=default "
        'priority=test retries=3 note="first try" env.EPOCHS=5 env.NAME="a b" -- python x.py'
    )
    await bob.hears("Submitted: first try · all-of-it")
    job = config(lab, bob, "all-of-it")
    role = (
        job["taskRoles"]["main"]
        if "main" in job["taskRoles"]
        else next(iter(job["taskRoles"].values()))
    )
    assert role["resourcePerInstance"] == {"gpu": 2, "cpu": 8, "memoryMB": 20480}
    assert role["extraContainerOptions"]["shmMB"] == 2048
    assert job["defaults"]["virtualCluster"] == "default"
    assert job["jobRetryCount"] == 3
    assert job["extras"]["hivedScheduler"]["jobPriorityClass"] == "test"
    commands = "\n".join(role["commands"])
    assert "export EPOCHS=5" in commands
    assert "export NAME='a b'" in commands
    assert commands.endswith("python x.py")


async def test_chinese_keys_and_full_width_signs_are_the_same_line(lab, ann):
    await ann.says(
        f"/run 立即 名称=zh-keys 镜像＝{IMAGE} 显卡=2 内存=16G 备注=“基线 一” python x.py"
    )
    await ann.hears("已提交：基线 一 · zh-keys")
    role = next(iter(config(lab, ann, "zh-keys")["taskRoles"].values()))
    assert role["resourcePerInstance"]["gpu"] == 2
    assert role["resourcePerInstance"]["memoryMB"] == 16384


async def test_further_lines_are_further_commands(lab, bob):
    await bob.says(
        f"/run now name=lines image={IMAGE}\ncd /mnt/code\n"
        "CUDA_VISIBLE_DEVICES=0 python eval.py --names '<b>&_*[' \"a  b\"\n中文 # 注释"
    )
    await bob.hears("Submitted: lines")
    commands = "\n".join(next(iter(config(lab, bob, "lines")["taskRoles"].values()))["commands"])
    assert commands.endswith(
        "cd /mnt/code\nCUDA_VISIBLE_DEVICES=0 python eval.py --names '<b>&_*[' \"a  b\"\n中文 # 注释"
    )


async def test_run_alone_explains_itself(bob):
    said = await bob.asks("/run")
    assert "options first, then the command" in said
    assert said.quotes("/run image=")


async def test_without_an_image_it_is_asked_for_and_later_remembered(bob):
    assert "Which image" in await bob.asks("/run python x.py")
    await bob.submits(f"image={IMAGE} gpu=2 python x.py")
    again = await bob.asks("/run python y.py")
    assert f"{IMAGE} (taken from the last job)" in again
    assert "1 GPU" in again  # only image, virtual cluster and SKU are taken over


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gpus=2 python x", ["gpus=", "Did you mean gpu=?"]),
        ("gpu=two python x", ["gpu=two", "whole number"]),
        ("mem=32 python x", ["mem=32", "unit"]),
        ("gpu= python x", ["gpu=", "no value"]),
        ("gpu=1 gpu=2 python x", ["gpu=", "twice"]),
        ('note="open python x', ["never closed"]),
        ("gpu=1", ["no command"]),
        ("priority=high python x", ["priority=high", "prod, test, oppo"]),
        ("env.1X=2 python x", ["env.1X=2", "environment variable"]),
        ("conda=py38 python x", ["conda=", "not available yet"]),
        ("gpu=1 now python x", ["now", "has to come first"]),
    ],
)
async def test_a_mistake_is_named_with_the_usage(bob, line, words):
    said = await bob.asks(f"/run {line}")
    for fragment in [*words, "Usage: /run"]:
        assert fragment in said


@pytest.mark.parametrize(
    ("line", "finding", "bad"),
    [
        ("vc=nowhere python x", "You may not use the virtual cluster nowhere", True),
        ("gpu=100 python x", "it would never start", True),
        ("name=实验 python x", "name=shiyan-", True),
        ("name=<b>&_*[ python x", "does not take the name <b>&_*[", True),
        ("python x —epochs 3", "a shell does not understand: —", False),
        ("python “x”", "“ ”", False),
    ],
)
async def test_a_preview_says_what_will_go_wrong(bob, line, finding, bad):
    said = await bob.asks(f"/run image={IMAGE} {line}")
    assert finding in said
    assert ("Submit anyway" in said.buttons) is bad


async def test_now_does_not_override_what_is_bad(lab, bob):
    said = await bob.asks(f"/run now image={IMAGE} gpu=100 python x")
    assert "Submit anyway" in said.buttons
    assert jobs_of(lab, bob) == []


async def test_a_taken_name_is_noticed_before_and_refused_after(lab, bob):
    lab.pai.submit("bob", name="twice")
    said = await bob.asks(f"/run image={IMAGE} name=twice python x")
    assert "The name twice is used up" in said
    refused = await bob.presses("Submit anyway", said)
    assert "twice" in refused
    assert refused.id != said.id
    await bob.presses("Edit", said)
    assert "Preview · second" in await bob.asks("name=second")
    again = await bob.asks(f"/run image={IMAGE} name=twice python x")
    fix = next(label for label in again.buttons if "name=twice-" in label)
    assert "Submit" in (await bob.presses(fix, again)).buttons


async def test_a_preview_is_changed_by_a_few_words(lab, ann):
    preview = await ann.asks(f"/run image={IMAGE} gpu=1 note=基线 name=one env.A=1 python x.py")
    assert "要改什么" in await ann.presses("修改", preview)
    assert "要写整数" in await ann.asks("gpu=zwei")
    changed = await ann.asks("gpu=2 env.B=2 name=two")
    for kept in ("基线 · two", "2 张卡", "A, B", "python x.py"):
        assert kept in changed
    await ann.presses("修改", changed)
    changed = await ann.asks("python y.py --fast")
    assert changed.quotes("python y.py --fast")
    await ann.presses("提交", changed)
    assert jobs_of(lab, ann) == ["two"]
    assert "取消" in (await ann.presses("提交", preview)).text  # the first draft is cancelled


async def test_the_yaml_shown_is_what_is_sent(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} name=shown python x.py")
    file = (await bob.presses("YAML", preview)).document
    assert file.name == "shown.yaml"
    await bob.presses("Submit", preview)
    assert lab.pai.job("bob", "shown").text == file.content.decode()


async def test_a_cancelled_preview_submits_nothing(lab, bob):
    preview = await bob.asks(LINE)
    assert "Nothing was submitted" in await bob.presses("Cancel", preview)
    assert jobs_of(lab, bob) == []


async def test_a_double_tap_makes_one_job(lab, bob):
    preview = await bob.asks(LINE)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(bob.taps("Submit", preview))
    await bob.hears("Submitted")
    assert len(jobs_of(lab, bob)) == 1


async def test_cancel_after_submit_comes_too_late_and_says_so(lab, bob):
    preview = await bob.asks(LINE)
    cancel = next(b for row in preview.keyboard for b in row if b["text"] == "Cancel")
    await bob.presses("Submit", preview)
    await bob.tg.presses_data(cancel["callback_data"], preview)
    assert "Too late" in await bob.hears("Too late")
    assert len(jobs_of(lab, bob)) == 1


async def test_somebody_elses_preview_can_be_neither_pressed_nor_found(lab, ann, bob):
    preview = await bob.asks(LINE)
    submit = preview.keyboard[0][0]["callback_data"]
    greeting = await ann.asks("/start")
    answer = await ann.tg.presses_data(submit, greeting)
    assert "按钮" in answer
    assert jobs_of(lab, bob) == jobs_of(lab, ann) == []


async def test_a_lost_answer_makes_one_job(lab, bob):
    with lab.pai.faults.cut(after=True, method="POST", path=r"/jobs$", times=1):
        await bob.says(f"/run now name=lost image={IMAGE} python x.py")
        await bob.hears("Submitted: lost")
    assert jobs_of(lab, bob) == ["lost"]


async def test_a_name_that_pailot_made_and_somebody_took_is_made_anew(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} python x.py")
    name = preview.text.splitlines()[0].rpartition(" ")[2]
    lab.pai.submit("bob", name=name)
    done = await bob.presses("Submit", preview)
    assert f"The name {name} was used up" in done
    assert len(jobs_of(lab, bob)) == 2


async def test_a_submission_while_openpai_is_away_is_finished_later_and_told(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} name=later python x.py")
    with lab.pai.faults.silent(path="/jobs") as fault:
        fault.kind = "cut_before"
        said = await bob.presses("Submit", preview)
        assert "OpenPAI has not answered" in said
        again = await bob.presses("Submit", preview)
        assert "later is being submitted already" in again
        await bob.presses("Cancel", preview)
    assert jobs_of(lab, bob) == []
    await lab.recovers()
    await bob.hears("later is submitted after all")
    assert jobs_of(lab, bob) == ["later"]


async def test_a_submission_goes_on_through_a_401_storm(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} name=storm python x.py")
    cut = lab.pai.faults.cut(after=True, method="POST", path=r"/jobs$", times=1)
    refuse = lab.pai.faults.unauthorized(path="/config")
    assert "has not answered" in await bob.presses("Submit", preview)
    cut.end()
    await lab.recovers()
    refuse.end()
    await lab.recovers()
    await bob.hears("storm is submitted after all")
    assert jobs_of(lab, bob) == ["storm"]


async def test_a_refusal_by_openpai_is_told_in_its_words(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} vc=research name=denied python x")
    assert "You may not use" in preview
    said = await bob.presses("Submit anyway", preview)
    assert said.id != preview.id
    assert jobs_of(lab, bob) == []


async def test_an_error_of_openpais_own_is_told_at_once_and_nothing_stays_under_way(lab, bob):
    preview = await bob.asks(f"/run image={IMAGE} sku=H200 name=odd python x")
    assert "no SKU H200" in preview
    said = await bob.presses("Submit anyway", preview)
    assert "odd" in said
    assert "an error of its own (HTTP 500" in said
    assert "Nothing was submitted" in said
    assert "Cancelled" in await bob.presses("Cancel", preview)
    assert jobs_of(lab, bob) == []


async def test_the_update_handled_twice_makes_one_job(lab, bob):
    lab.tg.faults.cut_after("sendMessage")  # the answer may be sent twice, the job may not
    await bob.says(f"/run now name=once image={IMAGE} python x.py")
    await bob.hears("Submitted: once")
    await lab.restart()
    assert jobs_of(lab, bob) == ["once"]


async def test_a_command_too_long_for_its_preview_is_shown_cut_and_sent_whole(lab, bob):
    lines = "\n".join(f"python train.py --fold {n} --note '{'x' * 60}'" for n in range(35))
    preview = await bob.asks(f"/run image={IMAGE} name=long\n{lines}")
    assert "The command is longer" in preview
    await bob.presses("Submit", preview)
    commands = "\n".join(next(iter(config(lab, bob, "long")["taskRoles"].values()))["commands"])
    assert commands.endswith(lines)


async def test_a_message_that_telegram_cut_is_not_submitted_unseen(lab, bob):
    script = "\n".join(f"python train.py --fold {n} --note '{'x' * 60}'" for n in range(60))
    await bob.says(f"/run now image={IMAGE} name=cut\n{script}")
    assert "the end of the command may be missing" in await bob.hears("Preview · cut")
    assert jobs_of(lab, bob) == []


@pytest.mark.parametrize("note", ["<b>&_*[`", "🚀👩‍👩‍👧 組合", "</code></pre>", "{ $note } %s"])
async def test_a_note_is_shown_as_it_was_written(lab, bob, note):
    await bob.submits(f'image={IMAGE} note="{note}" python x', Trains(10_000), name="noted")
    await bob.hears(f"Running: {note} · noted")
    assert note in await bob.asks("/job noted")
    assert note in await bob.asks("/jobs")


async def test_late_run_lines_show_their_preview_even_with_now(lab, bob):
    await lab.stop()
    await bob.says(f"/run now image={IMAGE} name=tardy python x")
    lab.clock.passes(minutes=20)
    await lab.start()
    said = await bob.hears("reached me late")
    assert jobs_of(lab, bob) == []
    await bob.presses("Submit", said)
    await polling.until(lambda: jobs_of(lab, bob) == ["tardy"])

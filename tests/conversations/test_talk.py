"""What people paste: a command, a protocol, an image, an error."""

import pytest

from bot.demo.openpai import Trains
from tests.conversations.test_documents import PROTOCOL
from tests.lab import IMAGE


async def test_a_pasted_command_is_offered_to_be_run(lab, bob):
    await bob.submits(f"image={IMAGE} python x", Trains(10_000_000), name="before")
    said = await bob.asks("CUDA_VISIBLE_DEVICES=0 python train.py --lr 0.1\npython eval.py")
    assert said.quotes("CUDA_VISIBLE_DEVICES=0 python train.py --lr 0.1\npython eval.py")
    preview = await bob.presses("Run it", said)
    assert "Preview · train-" in preview
    assert f"{IMAGE} (taken from the last job)" in preview
    assert preview.quotes("CUDA_VISIBLE_DEVICES=0 python train.py --lr 0.1\npython eval.py")


async def test_a_pasted_protocol_is_a_job(lab, ann):
    preview = await ann.asks(PROTOCOL)
    assert "预览 · doc_job" in preview
    await ann.presses("提交", preview)
    assert lab.pai.job("ann", "doc_job").text == PROTOCOL.strip()


async def test_a_pasted_protocol_with_a_mistake_is_told_where(bob):
    said = await bob.asks(PROTOCOL.replace("instances: 1", "instances: many"))
    assert "taskRoles.worker.instances" in said


@pytest.mark.parametrize(
    "words", ["docker run -it -v /data:/mnt pytorch/pytorch:1.13 bash", "【pytorch/pytorch：1.13】"]
)
async def test_a_pasted_image_becomes_a_line_to_fill_in(bob, words):
    said = await bob.asks(words)
    assert said.quotes("/run image=pytorch/pytorch:1.13 gpu=1")
    assert said.buttons == ["Show image"]


async def test_a_pasted_error_leads_to_the_log(lab, bob):
    await bob.submits(f"image={IMAGE} python x", Trains(10_000_000), name="which")
    await bob.hears("Running: which")
    said = await bob.asks('Traceback (most recent call last):\n  File "x.py", line 1\nKeyError: 1')
    assert "error of a program" in said
    assert "which · all output" in await bob.presses("which", said)


async def test_a_stranger_is_led_to_the_login_whatever_they_paste(stranger):
    for words in (PROTOCOL, "python train.py", "docker pull a/b:1"):
        assert "Link my account" in (await stranger.asks(words)).buttons

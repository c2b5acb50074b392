"""A lab with a Harbor, and people with and without a login there."""

import json

import pytest

from bot.demo.harbor import DEVELOPER, GUEST, MAINTAINER, HarborEmulator

IMAGE_ENV = ("CUDA_VERSION=11.7.1", "PYTHON_VERSION=3.8.16", "PYTORCH_VERSION=1.13.1")


@pytest.fixture
async def harbor(closed_lab):
    """A Harbor in the lab, before the bot runs."""
    made = HarborEmulator(clock=closed_lab.clock.seconds)
    made.user("root", "Root-password1", admin=True)
    for name in ("ann", "bob", "mia"):
        made.user(name, f"{name}-Password1")
    made.project("lab", ann=MAINTAINER, bob=GUEST, mia=DEVELOPER)
    made.project("public", public=True, ann=MAINTAINER)
    made.image(
        "public/ml/torch", "1.13", "stable", env=IMAGE_ENV, history=("RUN apt-get install -y nfs-common",),
        days_old=30, pulled_days_ago=2, weight=3 << 30, by="ann",
    )  # fmt: skip
    made.image(
        "public/ml/torch",
        "1.12",
        history=("RUN pip install torch==1.12.0",),
        critical=2,
        days_old=200,
    )
    made.image("lab/private", "v1", env=IMAGE_ENV)
    await made.start()
    closed_lab.environ |= {
        "PAILOT_HARBOR__URL": made.url,
        "PAILOT_HARBOR__PROJECT": "lab",
        "PAILOT_HARBOR__ADMIN_USERNAME": "root",
        "PAILOT_HARBOR__ADMIN_PASSWORD": "Root-password1",
        "PAILOT_HARBOR__WEBHOOK_SECRET": "hook-secret",
        "PAILOT_REGISTRIES": json.dumps([{"name": "hub", "url": "http://127.0.0.1:9", "mirror_of": "docker.io"}]),
    }  # fmt: skip
    yield made
    await made.stop()


@pytest.fixture
async def ported(harbor, lab):
    return lab


@pytest.fixture
async def eve(ported):
    """A member who reads English and has no Harbor login."""
    return await ported.member("eve", "Eve Wong", "en")


@pytest.fixture
async def ann(ported):
    """A member with a Harbor login, who reads Chinese."""
    somebody = await ported.member("ann", "Ann Lee", "zh-hans")
    await somebody.asks("/login harbor ann ann-Password1")
    return somebody


@pytest.fixture
async def mia(ported):
    """A member who may push and not delete, and reads English."""
    somebody = await ported.member("mia", "Mia Roth", "en")
    await somebody.asks("/login harbor mia mia-Password1")
    return somebody

"""P11: what `/run` asks of cluster, registry and storage before it shows a preview: all answer, or all hang."""

import json
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from bench import report
from bot.demo.harbor import MAINTAINER, HarborEmulator
from bot.demo.storage import StorageEmulator
from bot.domain.runline import RunLine
from tests.lab import Lab, Somebody, opened

ROUNDS = 9
HANGING_ROUNDS = 5
COMMAND = "cd /mnt/data && python train.py --data /mnt/data/imagenet"


async def timed(lab: Lab, somebody: Somebody, image: str, turn: str) -> float:
    person = await lab.bot.db.read(lambda uow: uow.people.get(somebody.id))
    assert person is not None
    began = time.perf_counter()
    await lab.bot.services.submitting.preview(person, RunLine(COMMAND, image=image, gpus=1), turn)
    return 1000 * (time.perf_counter() - began)


async def p11() -> None:
    print("P11  preflight of one /run: OpenPAI, Harbor and storage asked (ms)", flush=True)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lab = await stack.enter_async_context(opened(folder))
        harbor = HarborEmulator(clock=lab.clock.seconds)
        harbor.user("root", "Root-password1", admin=True)
        harbor.user("ann", "ann-Password1")
        harbor.project("lab", ann=MAINTAINER)
        harbor.image("lab/torch", "v1")
        storage = StorageEmulator(folder / "disk", "a password")
        await harbor.start()
        stack.push_async_callback(harbor.stop)
        await storage.start()
        stack.push_async_callback(storage.stop)
        lab.environ |= storage.settings_environ() | {
            "PAILOT_HARBOR__URL": harbor.url,
            "PAILOT_HARBOR__PROJECT": "lab",
            "PAILOT_HARBOR__ADMIN_USERNAME": "root",
            "PAILOT_HARBOR__ADMIN_PASSWORD": "Root-password1",
            "PAILOT_REGISTRIES": json.dumps([{"name": "hub", "url": "http://127.0.0.1:9", "mirror_of": "docker.io"}]),
        }  # fmt: skip
        await lab.start()
        ann = await lab.member("ann", "Ann Lee", "en")
        await ann.asks("/login harbor ann ann-Password1")
        await ann.asks("/ls")
        image = f"{harbor.host}/lab/torch:v1"
        await timed(lab, ann, image, "first")  # connections are there from now on
        well = [await timed(lab, ann, image, f"well {n}") for n in range(ROUNDS)]
        hung = []
        for n in range(HANGING_ROUNDS):
            harbor.faults.kind = "silent"
            with lab.pai.faults.silent():
                hung.append(await timed(lab, ann, image, f"hung {n}"))
            harbor.faults.kind = ""
            lab.clock.passes(seconds=90)  # a silent registry is left alone for a minute
    report.line("all answer", report.spread(well), "<= 300")
    report.line("OpenPAI and Harbor never answer", report.spread(hung), "<= 3000")

"""What jobs of the OpenPAI emulator print, and how they end."""

import re

import pytest

import bot.demo.openpai as demo
from bot.demo.openpai import CudaOutOfMemory, FileNotFound, OpenPaiEmulator, Outcome, Trains
from tests.demo.openpai_driver import portal, protocol

# outcome, exit code that OpenPAI reports, the line that proves the cause
STORIES = [
    (demo.CudaOutOfMemory(), 255, "RuntimeError: CUDA out of memory"),
    (demo.HostMemoryKilled(), -1200, None),
    (demo.HostMemoryKilled(exit=137, fails_first=1), 137, "Killed"),
    (demo.ShmTooSmall(), 255, "insufficient shared memory"),
    (demo.FileNotFound(), 255, "can't open file"),
    (demo.DataNotFound(), 255, "FileNotFoundError"),
    (demo.ModuleNotFound(), 255, "ModuleNotFoundError: No module named 'timm'"),
    (demo.CudaMismatch(), 224, "CUDA driver version is insufficient"),
    (demo.Segfault(), 139, "Segmentation fault"),
    (demo.NcclTimeout(), 134, "NCCL operation timed out"),
    (demo.CudaEcc(), 223, "CUDA_ERROR_ECC_UNCORRECTABLE"),
    (demo.Traceback(), 255, "KeyError: 'optimizer'"),
    (demo.NfsMountFailed(), 255, "Connection timed out"),
    (demo.NfsMountFailed(why="export"), 255, "No such file or directory"),
    (demo.NfsMountFailed(why="missing"), 255, "helper program"),
    (demo.NfsMountFailed(why="denied"), 255, "access denied by server"),
    (demo.ReadOnlyMount(), 255, "Permission denied: '/mnt/out/model.pt'"),
    (demo.PermissionDenied(), 255, "Permission denied"),
    (demo.CommandNotFound(), 220, "pyhton: command not found"),
    (demo.UnboundVariable(), 255, "PS1: unbound variable"),
    (demo.AptWithoutUpdate(), 255, "Unable to locate package"),
    (demo.DiskFull(), 255, "No space left on device"),
    (demo.NetworkDown(), 255, "Temporary failure in name resolution"),
    (demo.ImageNotFound(), 254, None),
    (demo.GangTimeout(), 251, None),
    (demo.Evicted(), -1000, None),
    (demo.NodeLost(), -1001, None),
    (demo.Preempted(), -101, None),
]


@pytest.fixture
def pai() -> OpenPaiEmulator:
    pai = OpenPaiEmulator()
    pai.pause()
    pai.user("ann", "ann-password")
    return pai


@pytest.mark.parametrize(
    ("outcome", "code", "proof"), STORIES, ids=lambda each: type(each).__name__
)
async def test_each_story_ends_as_openpai_reports_it(
    pai: OpenPaiEmulator, outcome: Outcome, code: int, proof: str | None
) -> None:
    pai.submit("ann", name="a", outcome=outcome, commands=("python /mnt/code/train.py",))
    job = await pai.until("ann", "a")
    first = job.attempts[0].exit
    assert first is not None
    assert first.code == code
    words = (first.runtime or {}).get("errorLogs", {}).get("user", "")
    assert (proof or "") in words
    assert len(first.diagnostics.encode()) < 4600
    assert job.state == ("SUCCEEDED" if outcome.fails_first else "FAILED")


@pytest.mark.parametrize("outcome", [demo.Trains(20.0), demo.NanLoss(20.0), demo.SlowPull(20.0)])
async def test_some_stories_succeed(pai: OpenPaiEmulator, outcome: Outcome) -> None:
    pai.submit("ann", name="a", outcome=outcome)
    assert (await pai.until("ann", "a")).state == "SUCCEEDED"


async def test_the_users_own_code_and_last_lines_are_in_the_messages(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        pai.plan("a", CudaOutOfMemory(after=9))
        await ann.submit(protocol("a", "python /mnt/code/train.py --lr 1"))
        await pai.until("ann", "a")
        status = (await ann.get("/jobs/ann~a"))["jobStatus"]
        runtime = status["appExitMessages"]["runtime"]
        assert runtime["originUserExitCode"] == 1
        lines = runtime["errorLogs"]["user"].split("\n")
        assert len(lines) <= 15
        assert '  File "/mnt/code/train.py", line 87, in main' in lines
        assert status["appExitSpec"]["phrase"] == "PAIRuntimeUnknownFailed"


async def test_a_log_grows_and_never_changes_what_it_said(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        pai.plan("a", Trains(runs_seconds=40))
        await ann.submit(protocol("a"))
        await pai.until("ann", "a", "RUNNING")
        whole = ""
        for _ in range(6):
            await pai.advance(8)
            now = await ann.log("ann~a")
            assert now.startswith(whole)
            whole = now
        assert whole == await ann.log("ann~a")
        parts = [await ann.log("ann~a", name) for name in ("stdout", "stderr")]
        assert sorted("".join(parts)) == sorted(whole)
        assert re.search(r"\rEpoch 1/10: +50%\|", parts[1])
        assert "Epoch 10/10 loss=" in parts[0]


async def test_a_failing_program_breaks_off_within_its_training(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        pai.plan("a", CudaOutOfMemory(after=20))
        await ann.submit(protocol("a"))
        await pai.until("ann", "a")
        text = await ann.log("ann~a")
        epoch, epochs = re.findall(r"Epoch (\d+)/(\d+)", text)[-1]
        assert int(epoch) < int(epochs)
        assert text.rstrip().endswith("fragmentation.")


async def test_a_range_gives_only_what_is_new(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        await ann.submit(protocol("a", "# sim: run=30 lines=3000"))
        await pai.until("ann", "a")
        found = await ann.get(
            "/jobs/ann~a/attempts/0/taskRoles/taskrole/taskIndex/0/attempts/0/logs"
        )
        uri = next(each["uri"] for each in found["locations"] if each["name"] == "stdout")
        whole = await ann.log("ann~a", "stdout")

        async def part(wanted: str) -> tuple[int, str, str | None]:
            status, text, headers = await ann.ask(
                "GET", uri, base=pai.url, headers={"Range": f"bytes={wanted}"}
            )
            return status, text, headers.get("Content-Range")

        size = len(whole)
        assert await part("100-199") == (206, whole[100:200], f"bytes 100-199/{size}")
        assert await part(f"{size - 5}-") == (
            206,
            whole[-5:],
            f"bytes {size - 5}-{size - 1}/{size}",
        )
        assert await part("-7") == (206, whole[-7:], f"bytes {size - 7}-{size - 1}/{size}")
        assert await part(f"{size}-") == (416, "", f"bytes */{size}")
        assert await ann.log("ann~a", "stdout", tail=True) == whole[-16384:]


async def test_a_log_address_lives_for_two_minutes(pai: OpenPaiEmulator) -> None:
    async with portal(pai) as ann:
        await ann.submit(protocol("a", "python train.py"))
        await pai.until("ann", "a", "RUNNING")
        found = await ann.get(
            "/jobs/ann~a/attempts/0/taskRoles/taskrole/taskIndex/0/attempts/0/logs"
        )
        uri = found["locations"][2]["uri"]
        await pai.advance(119)
        assert (await ann.ask("GET", uri, base=pai.url))[0] == 200
        await pai.advance(1)
        assert (await ann.ask("GET", uri, base=pai.url))[:2] == (403, "")


async def test_a_big_log_is_rotated_and_one_old_file_is_kept(pai: OpenPaiEmulator) -> None:
    pai.cluster.rotate_bytes = 50_000
    async with portal(pai) as ann:
        await ann.submit(protocol("a", "# sim: run=30 lines=3000"))
        await pai.until("ann", "a")
        old, new = await ann.log("ann~a", "stdout.1"), await ann.log("ann~a", "stdout")
        assert len(old) == 50_000
        assert new.endswith(f"line 2999 {'x' * 60}\n")


@pytest.mark.parametrize(
    ("commands", "state", "code"),
    [
        (["echo hi", "sleep 5"], "SUCCEEDED", 0),
        (["exit 3"], "FAILED", 255),
        (["false"], "FAILED", 255),
        (["python /mnt/missing.py"], "FAILED", 255),
        (["python /mnt/room.py"], "SUCCEEDED", 0),
        (["bash /mnt/train_oom.sh"], "FAILED", 255),
        (["source activate py38", "python train.py"], "FAILED", 255),
        (["set +u", "source activate py38", "set -u", "python train.py"], "SUCCEEDED", 0),
        (["apt-get install -y nfs-common", "python train.py"], "FAILED", 255),
        (["apt update", "apt install -y nfs-common", "python train.py"], "SUCCEEDED", 0),
    ],
)
async def test_commands_are_taken_at_their_word(
    pai: OpenPaiEmulator, commands: list[str], state: str, code: int
) -> None:
    pai.submit("ann", name="a", commands=commands)
    job = await pai.until("ann", "a")
    assert (job.state, job.exit_code) == (state, code)


async def test_the_lab_around_says_which_images_and_files_exist(pai: OpenPaiEmulator) -> None:
    pai.knows(
        image=lambda image: image.startswith("registry.example.edu/"),
        file=lambda user, path: (user, path) == ("ann", "/mnt/train.py"),
    )
    here = "registry.example.edu/lab/torch:1.13"
    pai.submit("ann", name="a", image=here, commands=("python /mnt/train.py",))
    pai.submit("ann", name="b", image=here, commands=("python /mnt/nothing.py",))
    pai.submit("ann", name="c", image="other.example.edu/x:1", commands=("python /mnt/train.py",))
    codes = {name: (await pai.until("ann", name)).exit_code for name in ("a", "b", "c")}
    assert codes == {"a": 0, "b": 255, "c": 254}
    assert isinstance(pai.job("ann", "b").outcome, FileNotFound)


async def test_parameters_are_filled_in_and_secrets_are_not(pai: OpenPaiEmulator) -> None:
    text = protocol(
        "a",
        "echo <% $parameters.word %> <% $secrets.pw %> <% $parameters.none %>",
        more="parameters:\n  word: hello\nsecrets:\n  pw: hunter2-secret\nextras: {}\n",
    )
    async with portal(pai) as ann:
        assert (await ann.submit(text))[0] == 202
        await pai.until("ann", "a")
        assert "hello <% $secrets.pw %> <% $parameters.none %>" in await ann.log("ann~a")
        config = await ann.get("/jobs/ann~a/config")
        assert config["secrets"] == "******"


async def test_secrets_sent_as_json_stay_readable_as_on_the_real_server(
    pai: OpenPaiEmulator,
) -> None:
    text = (
        '{"protocolVersion": 2, "name": "a", "type": "job", "secrets": {"pw": "hunter2"},'
        ' "prerequisites": [{"type": "dockerimage", "uri": "x", "name": "i"}],'
        ' "taskRoles": {"t": {"instances": 1, "dockerImage": "i", "commands": ["ls"],'
        ' "resourcePerInstance": {"gpu": 1, "cpu": 1, "memoryMB": 100}}}}'
    )
    async with portal(pai) as ann:
        assert (await ann.submit(text))[0] == 202
        assert (await ann.get("/jobs/ann~a/config"))["secrets"] == {"pw": "hunter2"}


@pytest.mark.parametrize(
    ("image", "env", "told"),
    [
        ("lab/x:1", ("PYTHON_VERSION=3.8.16", "PYTORCH_VERSION=1.13.1", "CUDA_VERSION=11.7.1"),
         ["python ok 3.8.16", "torch ok 1.13.1 cuda=11.7.1", "cuda ok 11.7.1", "tensorflow none"]),
        ("openpai/standard:python_3.6-pytorch_1.2.0-gpu", (), ["python ok 3.6", "torch ok 1.2.0"]),
        ("lab/y:py38-tf2.11-cu112", (), ["python ok 3.8", "tensorflow ok 2.11", "cuda ok 11.2"]),
        ("lab/plain:1", (), ["python none"]),
    ],
)  # fmt: skip
async def test_a_script_that_looks_at_its_image_finds_what_is_in_it(
    pai: OpenPaiEmulator, image: str, env: tuple[str, ...], told: list[str]
) -> None:
    script = "say() { printf 'mark %s\\n' \"$*\"; }\nnvidia-smi\n  0) say mount ok /mnt"
    pai.knows(env=lambda _: list(env))
    pai.submit("ann", name="a", image=image, commands=(script,))
    job = await pai.until("ann", "a")
    pod = job.attempts[0].tasks[0].pods[0]
    assert pod.run is not None
    lines = [line.text.strip() for line in pod.run.lines]
    for each in (*told, "gpu ok Tesla V100-SXM2-32GB, 32510 MiB, 470.161.03", "mount ok /mnt"):
        assert f"mark {each}" in " ".join(lines), lines
    assert lines[-1] == "mark end 0"

"""Jobs as protocols: written so that every reader agrees, and checked with the place of each problem."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.domain.errors import UserError
from bot.domain.names import make_name, stem_of, valid_name
from bot.domain.protocol import (
    SIZE_LIMIT_BYTES,
    JobSpec,
    Problem,
    RegistryAuth,
    document,
    entries,
    exports,
    summary,
    validate,
    write,
)
from bot.domain.protocol.yamltext import to_yaml

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/openpai"
PLAIN = JobSpec(name="train-k3f9", image="pytorch:1.13", command="python /mnt/train.py")


def read(words: str) -> Any:
    return YAML(typ="safe", pure=True).load(words)


def test_a_job_is_written_as_block_yaml() -> None:
    spec = JobSpec(
        name="train-k3f9",
        image="harbor.example.edu/lab/pytorch:1.13",
        command="cd /mnt/code\npython train.py",
        gpus=2,
        cpus=12,
        memory_mb=65536,
        shm_mb=8192,
        sku="V100",
        priority="oppo",
        retries=1,
        note="消融 3",
        env=(("A", "it's"),),
        ports=(("http", 1),),
        auth=RegistryAuth("harbor.example.edu", "robot$ann", "made-up-password"),
    )
    assert (
        write(spec)
        == """\
protocolVersion: 2
name: train-k3f9
type: job
description: "消融 3"
jobRetryCount: 1
secrets:
  registry_password: made-up-password
prerequisites:
  - type: dockerimage
    uri: "harbor.example.edu/lab/pytorch:1.13"
    name: docker_image_0
    auth:
      username: "robot$ann"
      password: "<% $secrets.registry_password %>"
      registryuri: "harbor.example.edu"
taskRoles:
  taskrole:
    instances: 1
    completion:
      minFailedInstances: 1
      minSucceededInstances: null
    taskRetryCount: 0
    dockerImage: docker_image_0
    resourcePerInstance:
      gpu: 2
      cpu: 12
      memoryMB: 65536
      ports:
        http: 1
    commands:
      - "export A='it'\\"'\\"'s'"
      - "cd /mnt/code"
      - "python train.py"
    extraContainerOptions:
      shmMB: 8192
defaults:
  virtualCluster: default
extras:
  hivedScheduler:
    jobPriorityClass: oppo
    taskRoles:
      taskrole:
        skuType: V100
"""
    )
    assert validate(read(write(spec))) == []


def test_passwords_show_in_no_repr() -> None:
    auth = RegistryAuth("harbor.example.edu", "ann", "hunter2")
    spec = JobSpec("x", "y", "z", auth=auth, secrets=(("a", "hunter2"),))
    assert "hunter2" not in repr(spec)
    assert "hunter2" not in repr(auth)


WORDS = st.text(max_size=40) | st.sampled_from(
    [
        "yes",
        "NO",
        "~",
        "null",
        "1:30",
        "017",
        "0x1F",
        "1e3",
        "2020-01-01",
        "<<",
        "=",
        "- a",
        "a: b",
        "#x",
        "a #b",
        " a",
        "a ",
        "\t",
        "",
        "|",
        "{}",
        "'",
        '"',
        "\\",
        "%",
        "@",
        "`",
        "a\nb",
        "\u2028",
        "a\n  b\n\nc",
        "a\n \nb",
        "a\n",
        "\na",
        "\x85",
        "\ufeff",
        "😀",
        "消融",
        "a\tb\nc",
        "---\nx",
    ]
)


@settings(deadline=None)
@given(
    st.recursive(
        WORDS | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=12,
    ).map(lambda value: {"value": value})
)
def test_what_is_written_is_read_as_the_same_values(value: dict[str, Any]) -> None:
    assert read(to_yaml(value)) == value


@settings(deadline=None)
@given(name=WORDS, image=WORDS, command=WORDS, note=WORDS, secret=WORDS, env=WORDS)
def test_any_text_in_a_job_survives_and_its_secrets_stay_hidden(
    name: str, image: str, command: str, note: str, secret: str, env: str
) -> None:
    spec = JobSpec(
        name, image, command, note=note, secrets=(("s", secret), ("t", "x")), env=(("E", env),)
    )
    words = write(spec)
    assert read(words) == document(spec)
    lines = words.split("\n")
    after = next(number for number, line in enumerate(lines) if line.startswith("prerequisites:"))
    assert lines.index("secrets:") < after
    assert all(line[:2] in {"", "  "} for line in lines[lines.index("secrets:") + 1 : after])


@pytest.mark.parametrize(
    "command", ["a\nb", "x", "if true\n  then y\nfi", "cat <<E\n\n x\nE", "a\n"]
)
def test_a_script_comes_out_of_the_commands_as_it_went_in(command: str) -> None:
    joined = "\n".join(entry.strip() for entry in entries(command))
    assert joined == command.strip()


def test_lines_are_commands_unless_that_would_change_them() -> None:
    assert entries("a\nb") == ["a", "b"]
    assert entries("for x in 1; do\n  echo\ndone") == ["for x in 1; do\n  echo\ndone"]


def test_environment_is_quoted_for_the_shell() -> None:
    assert exports((("A", "x y"), ("B", "$(rm -rf /)"))) == [
        "export A='x y'",
        "export B='$(rm -rf /)'",
    ]


def test_a_job_too_large_for_openpai_is_refused_before_it_is_sent() -> None:
    with pytest.raises(UserError) as error:
        write(JobSpec("x", "y", "z" * SIZE_LIMIT_BYTES))
    assert error.value.text.key == "protocol-too-large"


@pytest.mark.parametrize(
    ("command", "stem"),
    [
        ("python /mnt/train.py --epochs 10", "train"),
        ("CUDA_VISIBLE_DEVICES=0 python eval.v2.py", "eval.v2"),
        ("cd /mnt\nbash 'run.sh'", "run"),
        ("nvidia-smi -l", "nvidia-smi"),
        ("A=1 /usr/bin/env", "job"),
        ("", "job"),
        ("sleep 3", "sleep"),
    ],
)
def test_a_job_is_called_after_its_script(command: str, stem: str) -> None:
    assert stem_of(command) == stem


@settings(deadline=None)
@given(st.text(max_size=400))
def test_every_name_made_is_valid(stem: str) -> None:
    name = make_name(stem, "k3f9")
    assert valid_name(name)
    assert name.endswith("-k3f9")


def test_names_are_held_to_openpais_rule() -> None:
    assert valid_name("a" * 255)
    for name in ("", "a" * 256, "bad name", "bad.name", "训练", "a\n"):
        assert not valid_name(name)


GOOD = document(PLAIN)
# path of the change, new value (... takes the key out) -> (path of the problem, key of its message)
WRONG: list[tuple[str, Any, str, str]] = [
    ("protocolVersion", 1, "protocolVersion", "protocol-version"),
    ("name", 123, "name", "protocol-not-text"),
    ("name", "a b", "name", "protocol-name"),
    ("type", "data", "type", "protocol-choice"),
    ("taskRoles", ..., "taskRoles", "protocol-missing"),
    ("taskRoles", {}, "taskRoles", "protocol-empty"),
    ("taskRoles", [], "taskRoles", "protocol-not-mapping"),
    ("taskroles", {}, "taskroles", "protocol-unknown"),
    ("jobRetryCount", -1, "jobRetryCount", "protocol-least"),
    ("secrets", "x", "secrets", "protocol-not-mapping"),
    ("defaults.deployment", "prod", "defaults.deployment", "protocol-no-such"),
    ("defaults.virtualCluster", 1, "defaults.virtualCluster", "protocol-not-text"),
    ("prerequisites", {}, "prerequisites", "protocol-not-list"),
    ("prerequisites.0.uri", ..., "prerequisites[0].uri", "protocol-missing"),
    ("prerequisites.0.type", "image", "prerequisites[0].type", "protocol-choice"),
    ("taskRoles.taskrole.gpu", 1, "taskRoles.taskrole.gpu", "protocol-unknown"),
    ("taskRoles.taskrole.instances", ..., "taskRoles.taskrole.instances", "protocol-instances"),
    ("taskRoles.taskrole.instances", 0, "taskRoles.taskrole.instances", "protocol-least"),
    ("taskRoles.taskrole.instances", True, "taskRoles.taskrole.instances", "protocol-not-whole"),
    ("taskRoles.taskrole.dockerImage", "x", "taskRoles.taskrole.dockerImage", "protocol-no-image"),
    ("taskRoles.taskrole.dockerImage", {}, "taskRoles.taskrole.dockerImage", "protocol-no-image"),
    ("taskRoles.taskrole.commands", [], "taskRoles.taskrole.commands", "protocol-empty"),
    (
        "taskRoles.taskrole.commands",
        ["a", 1],
        "taskRoles.taskrole.commands[1]",
        "protocol-not-text",
    ),
    (
        "taskRoles.taskrole.resourcePerInstance.gpu",
        "2",
        "taskRoles.taskrole.resourcePerInstance.gpu",
        "protocol-not-whole",
    ),
    (
        "taskRoles.taskrole.resourcePerInstance.memoryMB",
        ...,
        "taskRoles.taskrole.resourcePerInstance.memoryMB",
        "protocol-missing",
    ),
    (
        "taskRoles.taskrole.extraContainerOptions",
        {"shm": 1},
        "taskRoles.taskrole.extraContainerOptions.shm",
        "protocol-unknown",
    ),
    ("taskRoles.2x", {}, "taskRoles.2x", "protocol-role-name"),
    ("taskRoles.Task_Role", {}, "taskRoles.Task_Role", "protocol-roles-alike"),
    (
        "extras",
        {"hivedScheduler": {"jobPriorityClass": "high"}},
        "extras.hivedScheduler.jobPriorityClass",
        "protocol-choice",
    ),
    (
        "extras",
        {"hivedScheduler": {"taskRoles": {"other": {}}}},
        "extras.hivedScheduler.taskRoles.other",
        "protocol-no-such",
    ),
]


def changed(path: str, value: Any) -> dict[str, Any]:
    made: Any = copy.deepcopy(GOOD)
    *way, last = path.split(".")
    inner = made
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return made


@pytest.mark.parametrize(("path", "value", "where", "key"), WRONG)
def test_a_problem_names_its_place(path: str, value: Any, where: str, key: str) -> None:
    problems = validate(changed(path, value))
    assert (where, key) in [(problem.path, problem.message.key) for problem in problems]


def test_the_key_probably_meant_is_offered() -> None:
    problem = next(p for p in validate(changed("taskroles", {})) if p.path == "taskroles")
    near = problem.message.args["near"]
    assert not isinstance(near, str | int)
    assert near.args["name"] == "taskRoles"


SOMETHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
PATHS = sorted({path for path, *_ in WRONG})


@settings(deadline=None)
@given(st.sampled_from(PATHS), SOMETHING)
def test_no_document_breaks_the_check_and_what_passes_can_be_previewed(
    path: str, value: Any
) -> None:
    made = changed(path, value)
    problems = validate(made)
    assert all(isinstance(problem, Problem) for problem in problems)
    if not problems:
        assert summary(made).name == made["name"]


def test_a_summary_adds_up_all_instances() -> None:
    made = changed("taskRoles.taskrole.instances", 3)
    told = summary(made)
    assert (told.gpus, told.image, told.vc) == (3, "pytorch:1.13", "default")
    assert told.command == "python /mnt/train.py"


@pytest.mark.contracts
@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded exchanges are not here")
def test_what_openpai_accepted_passes_and_what_its_schema_refused_does_not() -> None:
    reader = YAML(typ="safe", pure=True)
    checked = 0
    for file in sorted(RECORDED.glob("*.json")):
        raw = json.loads(file.read_text())
        asked, status = raw["request"], raw["response"]["status"]
        body = asked["body"]
        if asked["method"] != "POST" or not asked["path"].endswith("/jobs") or not body:
            continue
        if not isinstance(body, str) or not asked["headers"].get("Content-Type", "").startswith(
            "text/"
        ):
            continue
        if status == 202 and "collid" not in file.stem:
            assert validate(reader.load(body)) == [], file.stem
            checked += 1
        told = raw["response"]["body"]
        if status == 400 and isinstance(told, dict) and str(told.get("message")).startswith("["):
            found = reader.load(body)
            assert not isinstance(found, dict) or validate(found), file.stem
            checked += 1
    assert checked > 20

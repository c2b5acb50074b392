"""Job protocols sent as files: checked, shown, and submitted byte for byte."""

import pytest

from tests.lab import IMAGE, Lab, Somebody

PROTOCOL = f"""\
protocolVersion: 2
name: doc_job
type: job
# 注释 is kept, 🚀 too
prerequisites:
  - {{name: img, type: dockerimage, uri: "{IMAGE}"}}
taskRoles:
  worker:
    instances: 1
    dockerImage: img
    resourcePerInstance: {{gpu: 1, cpu: 4, memoryMB: 8192}}
    commands:
      - 'python train.py   --name "<b>&_*["'
defaults: {{virtualCluster: default}}
"""


def names(lab: Lab, somebody: Somebody) -> list[str]:
    return [job.name for job in lab.pai.jobs() if job.user == somebody.user]


async def test_a_good_protocol_is_shown_and_sent_exactly_as_it_is(lab, ann):
    preview = await ann.sends_file("job.yaml", PROTOCOL.encode())
    assert "预览 · doc_job" in preview
    assert IMAGE in preview
    assert preview.quotes('python train.py   --name "<b>&_*["')
    assert "修改" not in preview.buttons
    assert "doc_job" in await ann.presses("提交", preview)
    assert lab.pai.job("ann", "doc_job").text == PROTOCOL


async def test_windows_line_ends_and_odd_spacing_stay(lab, bob):
    content = PROTOCOL.replace("\n", "\r\n").replace("name: doc_job", "name:    doc_job  ")
    await bob.presses("Submit", await bob.sends_file("JOB.YML", content.encode()))
    assert lab.pai.job("bob", "doc_job").text == content


async def test_40_kilobytes_of_commands_fit_into_a_document(lab, bob):
    lines = "".join(f"      - python train.py --fold {n} {'x' * 50}\n" for n in range(520))
    content = PROTOCOL.replace("defaults:", f"{lines}defaults:")
    assert len(content) > 40_000
    preview = await bob.sends_file("long.yaml", content.encode())
    assert "The command is longer" in preview
    await bob.presses("Submit", preview)
    assert lab.pai.job("bob", "doc_job").text == content


async def test_problems_are_named_by_their_place_in_the_file(lab, bob):
    content = PROTOCOL.replace("    instances: 1\n", "").replace("gpu: 1", "gpu: one")
    content = content.replace("dockerImage: img", "dockerImage: image")
    said = await bob.sends_file("job.yaml", content.encode())
    assert "3 problems" in said
    for place in (
        "taskRoles.worker.instances",
        "taskRoles.worker.resourcePerInstance.gpu",
        "taskRoles.worker.dockerImage",
    ):
        assert place in said
    assert said.buttons == []
    assert names(lab, bob) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"protocolVersion: 2\nname: [", "no valid YAML"),
        (b"just some words", "no job protocol"),
        (b"", "no job protocol"),
        (b"- a\n- b\n", "no job protocol"),
        ("名: 实验".encode("gbk"), "not UTF-8"),
        (b"name: a\nname: b\n", "name stands twice"),
        (b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode()
            for n in range(8)
        ), "nested or repeats itself"),
        (b'protocolVersion: 2\n"secrets": {k: hunter2}\nname: x\n', "Everybody could read the secrets"),
        (b'{"protocolVersion": 2, "name": "x", "secrets": {"k": "hunter2"}}', "Everybody could read the secrets"),
        (b"#" * (120 * 1024), "OpenPAI reads 100"),
        (b"#" * (2 << 20), "OpenPAI reads 100"),
    ],
    ids=["broken", "words", "empty", "list", "gbk", "twice", "bomb", "quoted", "json", "large", "huge"],
)  # fmt: skip
async def test_what_is_no_protocol_is_refused_with_the_reason(lab, bob, content, words):
    if not content:
        content = b"\n"
    assert words in await bob.sends_file("job.yaml", content)
    assert names(lab, bob) == []


async def test_secrets_written_as_openpai_hides_them_are_taken(lab, bob):
    content = PROTOCOL.replace("taskRoles:", "secrets:\n  key: hunter2-very-secret\ntaskRoles:")
    preview = await bob.sends_file("job.yaml", content.encode())
    assert "hunter2" not in preview
    await bob.presses("Submit", preview)
    assert "hunter2-very-secret" in str(lab.pai.job("bob", "doc_job").text)


async def test_a_taken_name_and_a_forbidden_cluster_are_noticed_before(lab, bob):
    lab.pai.submit("bob", name="doc_job")
    content = PROTOCOL.replace("virtualCluster: default", "virtualCluster: research")
    said = await bob.sends_file("job.yaml", content.encode())
    assert "The name doc_job is used up" in said
    assert "may not use the virtual cluster research" in said
    assert "Submit anyway" in said.buttons


async def test_other_files_have_no_home_yet(bob):
    assert "train.py" in await bob.sends_file("train.py", b"print()")


async def test_a_stranger_is_asked_to_link_first(stranger):
    said = await stranger.sends_file("job.yaml", PROTOCOL.encode())
    assert said.buttons == ["Link my account"]


async def test_a_file_telegram_does_not_give_out_now_is_asked_for_again(lab, bob):
    lab.tg.faults.answer("getFile", 500, times=20)
    assert "No proper answer from Telegram" in await bob.sends_file("job.yaml", PROTOCOL.encode())

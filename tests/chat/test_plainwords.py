"""Words without a slash, and pasted things."""

import time

import pytest

from bot.chat.plainwords import Plain, command, recognise

TRACEBACK = """\
Epoch 3 started
Traceback (most recent call last):
  File "/mnt/train.py", line 12, in <module>
    main()
ModuleNotFoundError: No module named 'apex'
"""
PROTOCOL = """\
# from the portal
protocolVersion: 2
name: ann-train
type: job
taskRoles:
  worker:
    instances: 1
"""
DOCKERFILE = """\
# base
ARG CUDA=11.7

FROM nvidia/cuda:${CUDA} AS base
RUN apt-get update
"""


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("任务", "/jobs"),
        ("jobs", "/jobs"),
        ("Jobs", "/jobs"),
        (" 任务 running ", "/jobs running"),
        ("任务running", "/jobs running"),
        ("jobs running since=2d", "/jobs running since=2d"),
        ("日志 train-1", "/logs train-1"),
        ("logs train-1 stderr n=50", "/logs train-1 stderr n=50"),
        ("空闲", "/free"),
        ("空闲？", "/free"),
        ("free 2", "/free 2"),
        ("上传", "/upload"),
        ("upload", "/upload"),
        ("帮助", "/help"),
        ("help!", "/help"),
        ("？", "/help"),
        ("你好", "/start"),
    ],
)
def test_plain_words_are_the_command_they_name(words, line):
    assert command(words) == line


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  \n ",
        "谢谢",
        "任务怎么提交",
        "me too",
        "start the training please",
        "run away",
        "free food is served in the lab kitchen today",
        "jobs\nlogs",
        "what is a job",
    ],
)
def test_sentences_are_not_commands(words):
    assert command(words) is None


def test_arguments_stay_as_they_were_written():
    assert command("日志  Train_1  grep='a  b'") == "/logs Train_1  grep='a  b'"


def test_what_is_not_there_becomes_what_comes_nearest():
    known = {"jobs", "gpu", "help"}
    assert command("空闲 2", known) == "/gpu"
    assert command("上传", known) == "/help"
    assert command("日志", known) is None
    assert command("任务 running", known) == "/jobs running"


@pytest.mark.parametrize(
    ("pasted", "kind"),
    [
        (TRACEBACK, Plain.TRACEBACK),
        ("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", Plain.TRACEBACK),
        ("torch.cuda.OutOfMemoryError: CUDA out of memory.", Plain.TRACEBACK),
        ("KeyboardInterrupt", None),
        (PROTOCOL, Plain.PROTOCOL),
        ("name: 小明\nage: 3", None),
        (DOCKERFILE, Plain.DOCKERFILE),
        ("From: me\nRUN fast", None),
        ("sudo docker pull openpai/standard:python_3.6", Plain.IMAGE),
        ("harbor.example.edu/lab/torch:py38-cu117", Plain.IMAGE),
        ("sudo docker push harbor.example.edu/lab/torch:1", Plain.IMAGE),
        ("root@gpu1:~# docker run -it --gpus all \\\n  lab/torch:1 bash", Plain.IMAGE),
        ("【harbor.example.edu/lab/torch：1.13】", Plain.IMAGE),
        ("docker runs on my machine", None),
        ("ufoym/deepo@sha256:" + "0f" * 32, Plain.IMAGE),
        ("and/or", None),
        ("http://pai.example.edu/x:1", None),
        ("python /mnt/train.py --epochs 10", Plain.COMMAND),
        ("$ CUDA_VISIBLE_DEVICES=0 python3.8 eval.py", Plain.COMMAND),
        ("cd /mnt/code\npython eval.py", Plain.COMMAND),
        ("./run.sh", Plain.COMMAND),
        ("python", Plain.COMMAND),
        ("pythons are snakes", None),
        ("我的任务为什么失败了", None),
        ("an error happened", None),
    ],
)
def test_a_pasted_thing_is_recognised(pasted, kind):
    assert recognise(pasted) is kind


@pytest.mark.parametrize("hostile", ["\n", " ", "a", "a.", "a/", "A=b ", "# x\n", 'File "', "\t\n"])
def test_no_message_keeps_it_thinking(hostile):
    started = time.process_time()
    recognise(hostile * (4096 // len(hostile)))
    command(hostile * (4096 // len(hostile)))
    assert time.process_time() - started < 0.5

"""The quick line: what is an option, what is the command, and what is said when a word is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.runline import KEYS, RunLine, parse
from bot.domain.text import Text


def refused(line: str) -> UserError:
    with pytest.raises(UserError) as error:
        parse(line)
    assert error.value.text.args["usage"] == Text("run-usage")
    return error.value


def test_it_reads_the_first_example_of_the_manual() -> None:
    line = "image=pytorch:1.13 gpu=2 mem=32G note=消融3 python /mnt/train.py --epochs 10"
    assert parse(line) == RunLine(
        "python /mnt/train.py --epochs 10",
        image="pytorch:1.13",
        gpus=2,
        memory_mb=32 * 1024,
        note="消融3",
    )


def test_it_reads_the_second_example_of_the_manual() -> None:
    line = (
        "now name=eval vc=default sku=V100 retries=1\n"
        "cd /mnt/code\nCUDA_VISIBLE_DEVICES=0 python eval.py"
    )
    assert parse(line) == RunLine(
        "cd /mnt/code\nCUDA_VISIBLE_DEVICES=0 python eval.py",
        now=True,
        name="eval",
        vc="default",
        sku="V100",
        retries=1,
    )


def test_it_reads_chinese_keys_full_width_signs_and_spaces() -> None:
    line = "立即　镜像＝pytorch　显卡=２ 内存=16g 名称=exp 备注=“消融 3” 重试=1 优先级=oppo 虚拟集群=research python a.py"
    assert parse(line) == RunLine(
        "python a.py",
        now=True,
        image="pytorch",
        gpus=2,
        memory_mb=16384,
        name="exp",
        note="消融 3",
        retries=1,
        priority="oppo",
        vc="research",
    )


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("CUDA_VISIBLE_DEVICES=0 python a.py", "CUDA_VISIBLE_DEVICES=0 python a.py"),
        ("gpu=1 -- lr=0.1 python a.py", "lr=0.1 python a.py"),
        ("gpu=1 — now", "now"),
        ("gpu=1 python a.py gpu=8", "python a.py gpu=8"),
        ("gpu=1 python a.py  # two  spaces ", "python a.py  # two  spaces "),
        ("--lr=1", "--lr=1"),
        ("\n\ngpu=1\n\n  python a.py", "python a.py"),
        ("gpu=1\nlr=0.1\necho $lr", "lr=0.1\necho $lr"),
        ("gpu=1\nname=x bash run.sh", "name=x bash run.sh"),
        ("ssh host", "ssh host"),
        ("'gpu=1' x", "'gpu=1' x"),
        ("gpu=1 if true; then\n    echo ok\nfi", "if true; then\n    echo ok\nfi"),
    ],
)
def test_the_command_begins_where_the_options_end(line: str, command: str) -> None:
    assert parse(line).command == command


def test_options_may_fill_further_lines() -> None:
    line = parse("image=pytorch\ngpu=2 note='a b'\npython a.py")
    assert (line.image, line.gpus, line.note, line.command) == ("pytorch", 2, "a b", "python a.py")


def test_environment_keeps_its_case_and_may_be_empty_or_quoted() -> None:
    line = parse('env.WANDB_MODE=offline env.X= env.Y="a \\"b\\" \\\\ c" python a.py')
    assert line.env == (("WANDB_MODE", "offline"), ("X", ""), ("Y", 'a "b" \\ c'))


@pytest.mark.parametrize(
    ("line", "key", "word"),
    [
        ("imge=x python a.py", "run-unknown-key", "imge="),
        ("Image=x python a.py", "run-unknown-key", "Image="),
        ("lr=0.1 python a.py", "run-unknown-key", "lr="),
        ("stage=on python a.py", "run-not-yet", "stage="),
        ("mount=maybe python a.py", "run-bad-choice", "mount=maybe"),
        ("secret.X=1 python a.py", "run-not-yet", "secret.X="),
        ("dry python a.py", "run-not-yet", "dry"),
        ("gpu=1 显卡=2 python a.py", "run-twice", "显卡="),
        ("env.X=1 env.X=2 python a.py", "run-twice", "env.X="),
        ("gpu= 2 python a.py", "run-empty-value", "gpu="),
        ("gpu = 2 python a.py", "run-apart", "gpu = …"),
        ("image=a/b 显卡 ＝ 2 python a.py", "run-apart", "显卡 = …"),
        ("name =x python a.py", "run-apart", "name = …"),
        ('note="x python a.py', "run-open-quote", 'note="x'),
        ('note="x"y python a.py', "run-after-quote", 'note="x"y'),
        ("gpu=two python a.py", "run-bad-number", "gpu=two"),
        ("gpu=-1 python a.py", "run-bad-number", "gpu=-1"),
        ("cpu=0 python a.py", "run-bad-number", "cpu=0"),
        ("retries=1000000000000 x", "run-bad-number", "retries=1000000000000"),
        ("mem=32 python a.py", "run-bad-size", "mem=32"),
        ("shm=0M python a.py", "run-bad-size", "shm=0M"),
        ("priority=high python a.py", "run-bad-choice", "priority=high"),
        ("env.2X=1 python a.py", "run-bad-env", "env.2X=1"),
        ("gpu=1 now python a.py", "run-now-first", "now"),
        (f"note={'x' * 301} python a.py", "run-too-long", "note="),
    ],
)
def test_an_error_names_the_word(line: str, key: str, word: str) -> None:
    error = refused(line)
    assert (error.text.key, error.text.args["word"]) == (key, word)


@pytest.mark.parametrize("line", ["name == x", "gpu2 = 3", "-- gpu = 2", "python gpu = 2"])
def test_a_word_that_is_no_option_may_stand_before_a_sign(line: str) -> None:
    assert parse(line).command == line.removeprefix("-- ")


def test_a_pasted_pull_is_one_image() -> None:
    line = parse("gpu=1 image=docker pull a/b:c python a.py")
    assert (line.image, line.command) == ("docker pull a/b:c", "python a.py")
    assert parse("image=docker pulling x").command == "pulling x"
    assert refused("image=docker pull a/b:c").text.key == "run-no-command"


@pytest.mark.parametrize("line", ["", " \n", "now", "gpu=1", "gpu=1 -- "])
def test_without_a_command_there_is_nothing_to_run(line: str) -> None:
    assert refused(line).text.key == "run-no-command"


@pytest.mark.parametrize(
    ("typed", "meant"), [("imge", "image="), ("memory", "mem="), ("Gpu", "gpu="), ("镜象", "镜像=")]
)
def test_the_nearest_option_is_offered(typed: str, meant: str) -> None:
    near = refused(f"{typed}=1 python a.py").text.args["near"]
    assert near == Text("run-near", {"word": meant})


@pytest.mark.parametrize(
    ("size", "megabytes"), [("512M", 512), ("1.5g", 1536), ("32GiB", 32768), ("1T", 1 << 20)]
)
def test_sizes_have_units(size: str, megabytes: int) -> None:
    assert parse(f"mem={size} x").memory_mb == megabytes


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_line_or_an_error_that_can_be_told(line: str) -> None:
    try:
        parsed = parse(line)
    except UserError as error:
        told = error.text.key
        assert told.startswith("run-")
    else:
        assert parsed.command in line


@settings(deadline=None)
@given(st.text(max_size=300).filter(lambda text: bool(text.strip())))
def test_the_command_comes_through_byte_for_byte(command: str) -> None:
    script = command.lstrip()
    parsed = parse(f"image=x gpu=1 -- {script}")
    assert parsed.command == script


VALUES = {
    "name": st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    "image": st.from_regex(r"[a-z]{1,8}(:[0-9.]{1,4})?", fullmatch=True),
    "gpu": st.integers(0, 1024).map(str),
    "cpu": st.integers(1, 4096).map(str),
    "mem": st.integers(1, 900).map("{}G".format),
    "shm": st.integers(1, 900).map("{}M".format),
    "vc": st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    "sku": st.from_regex(r"[A-Z][0-9]{1,4}", fullmatch=True),
    "priority": st.sampled_from(["prod", "test", "oppo"]),
    "retries": st.integers(0, 100).map(str),
    "note": st.from_regex(r'"[a-z 消融]{1,8}x"', fullmatch=True),
    "mount": st.sampled_from(["on", "off"]),
}


@settings(deadline=None)
@given(st.data())
def test_the_order_of_options_does_not_matter(data: st.DataObject) -> None:
    keys = data.draw(st.permutations(KEYS))[: data.draw(st.integers(1, len(KEYS)))]
    options = [f"{key}={data.draw(VALUES[key])}" for key in keys]
    shuffled = data.draw(st.permutations(options))
    assert parse(" ".join([*options, "run x=1"])) == parse("  ".join([*shuffled, "run x=1"]))

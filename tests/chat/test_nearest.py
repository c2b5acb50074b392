"""The names somebody probably meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.nearest import nearest

COMMANDS = ["start", "help", "lang", "login", "logout", "me", "run", "jobs", "job", "logs", "stop"]
COMMANDS += ["alerts", "allow", "deny", "gpu", "free"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jbos", "jobs"),
        ("Jobs", "jobs"),
        ("/lgos", "logs"),
        ("lohs", "logs"),
        ("hlep", "help"),
        ("alert", "alerts"),
        ("alrets", "alerts"),
        ("logotu", "logout"),
        ("gup", "gpu"),
        ("ugp", None),
        ("rnu", "run"),
        ("ma", "me"),
        ("x", None),
        ("watch", None),
        ("qqqq", None),
        ("", None),
        ("sto", "stop"),
        ("star", "start"),
    ],
)
def test_a_mistyped_command_is_found(typed, meant):
    found = nearest(typed, COMMANDS)
    assert found == ((meant,) if meant else ())


def test_the_classic_wrong_tag_is_found():
    assert nearest("lastest", ["v1", "latest", "py38-torch1.13"]) == ("latest",)


def test_a_job_is_found_by_its_beginning_and_across_dashes():
    jobs = ["train-resnet-3f2a", "train-vit-99aa", "eval_1"]
    assert nearest("train", jobs, 3) == ("train-resnet-3f2a", "train-vit-99aa")
    assert nearest("eval-1", jobs) == ("eval_1",)
    assert nearest("train_resnet_3f2b", jobs) == ("train-resnet-3f2a",)


def test_the_likeliest_comes_first():
    assert nearest("job", ["jobs", "job", "jot"], 3) == ("job", "jobs", "jot")
    assert nearest("logs", ["login", "lots", "logs"], 2) == ("logs", "lots")


def test_chinese_names_are_found_too():
    assert nearest("消融实验", ["消融试验", "基线"]) == ("消融试验",)


@settings(deadline=None)
@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=8), st.integers(0, 4))
def test_it_only_ever_suggests_candidates_each_once(word, candidates, limit):
    found = nearest(word, candidates, limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert set(found) <= set(candidates)


@settings(deadline=None)
@given(st.sampled_from(COMMANDS))
def test_what_is_written_right_suggests_itself(name):
    assert nearest(name, COMMANDS) == (name,)

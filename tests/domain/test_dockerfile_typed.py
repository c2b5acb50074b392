"""Packages as people type and paste them."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.docker.typed import MOST, apt_packages, pip_packages
from bot.domain.errors import UserError


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ffmpeg", "ffmpeg"),
        ("ffmpeg, tmux，htop", "ffmpeg tmux htop"),
        ("sudo apt install -y ffmpeg \\\n  tmux", "ffmpeg tmux"),
        ("apt-get install ffmpeg ffmpeg", "ffmpeg"),
        ("g++ libstdc++6 ffmpeg=7:4.2.7-0ubuntu0.1", "g++ libstdc++6 ffmpeg=7:4.2.7-0ubuntu0.1"),
    ],
)
def test_apt_packages_are_read_as_people_write_them(words, names):
    assert apt_packages(words) == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("pandas==2.0.3", "pandas==2.0.3"),
        ("pip install pandas == 2.0.3, tqdm==4.66.1", "pandas==2.0.3 tqdm==4.66.1"),
        ("pandas＝＝2.0.3；tqdm==4.66.1", "pandas==2.0.3 tqdm==4.66.1"),
        ("# mine\npandas==2.0.3  # why\ntqdm==4.66.1\n", "pandas==2.0.3 tqdm==4.66.1"),
        (
            "uvicorn[standard,extra]==0.23.1 tqdm==4.66.1",
            "uvicorn[standard,extra]==0.23.1 tqdm==4.66.1",
        ),
        ("torch-scatter==2.1.1+pt20cu118", "torch-scatter==2.1.1+pt20cu118"),
        ("pip install \"pandas==2.0.3\" 'tqdm==4.66.1'", "pandas==2.0.3 tqdm==4.66.1"),
    ],
)
def test_pip_packages_are_read_as_people_write_them(words, names):
    assert pip_packages(words) == names


@pytest.mark.parametrize(
    ("read", "words", "key"),
    [
        (pip_packages, "pandas", "dockerfile-unpinned-pip"),
        (pip_packages, "pandas==2.0.3 tqdm", "dockerfile-unpinned-pip"),
        (pip_packages, "pandas>=2", "dockerfile-bad-pip"),
        (pip_packages, "git+https://example.edu/x.git", "dockerfile-bad-pip"),
        (pip_packages, "  ", "dockerfile-no-packages"),
        (pip_packages, "a==1;rm", "dockerfile-unpinned-pip"),
        (apt_packages, "ffmpeg;reboot", None),
        (apt_packages, "Ffmpeg", "dockerfile-bad-apt"),
        (apt_packages, "$(reboot)", "dockerfile-bad-apt"),
        (apt_packages, "-y", "dockerfile-no-packages"),
        (apt_packages, " ".join(f"lib{n}" for n in range(MOST + 1)), "dockerfile-many-packages"),
    ],
)
def test_what_can_not_be_installed_is_refused(read, words, key):
    if key is None:
        assert read(words) == "ffmpeg reboot"
        return
    with pytest.raises(UserError) as refused:
        read(words)
    assert refused.value.text.key == key


@given(st.text(alphabet=st.sampled_from("ab=1.[],;&|$`'\"\\<> \n#-+Z中（"), max_size=40))
def test_nothing_typed_reaches_a_shell_as_more_than_names(words):
    for read in (apt_packages, pip_packages):
        try:
            names = read(words)
        except UserError:
            continue
        for name in names.split(" "):
            assert name
            assert not set(name) & set("&|;$`'\"\\<>() \n#")
            assert shlex.split(name) == [name]

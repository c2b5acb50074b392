"""Names of jobs: what OpenPAI allows, and how one is made from what will run."""

NAME_LENGTH = 255
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_SCRIPTS = frozenset({"py", "sh", "ipynb", "jl", "R", "lua", "pl", "m"})


def valid_name(name: str) -> bool:
    return 0 < len(name) <= NAME_LENGTH and set(name) <= _NAME_CHARACTERS


def make_name(stem: str, suffix: str) -> str:
    """`train` and `k3f9` make `train-k3f9`. Names are used up for ever, hence the suffix.

    Characters OpenPAI refuses become `-`; Chinese is turned into pinyin before, by others.
    """
    kept = "".join(letter if letter in _NAME_CHARACTERS else "-" for letter in stem)
    words = "-".join(word for word in kept.split("-") if word) or "job"
    return f"{words[: NAME_LENGTH - len(suffix) - 1]}-{suffix}"


def stem_of(command: str) -> str:
    """What a job is called after: its first script's name without the ending, else its first program's."""
    words = command.replace("\n", " ").split()
    for word in words:
        leaf = word.strip("\"';&|()").rpartition("/")[2]
        stem, dot, ending = leaf.rpartition(".")
        if dot and stem and ending in _SCRIPTS:
            return stem
    programs = [word for word in words if "=" not in word and word[:1].isalnum()]
    return programs[0].rpartition("/")[2] if programs else "job"

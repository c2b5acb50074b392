"""The words by which a job list is narrowed: `failed since=2d vc=default image=torch resnet`."""

import re
from datetime import timedelta

from bot.chat.nearest import nearest
from bot.domain.errors import UserError
from bot.domain.jobs import JobState
from bot.services.following import JobFilter

STATES = {
    **{str(state): state for state in JobState if state is not JobState.UNKNOWN},
    "排队中": JobState.WAITING,
    "排队": JobState.WAITING,
    "运行中": JobState.RUNNING,
    "运行": JobState.RUNNING,
    "停止中": JobState.STOPPING,
    "成功": JobState.SUCCEEDED,
    "失败": JobState.FAILED,
    "已停止": JobState.STOPPED,
    "停止": JobState.STOPPED,
}
KEYS = ("since", "vc", "image")
SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
DURATION = re.compile(r"(\d{1,4})([mhdw])")


def parse(words: str) -> JobFilter:
    """Raises UserError naming the word that is not understood."""
    states: list[JobState] = []
    vcs: tuple[str, ...] = ()
    since: timedelta | None = None
    image, text = "", []
    for word in words.replace("＝", "=").split():
        key, equals, value = word.partition("=")
        if not equals:
            if (state := STATES.get(word.lower())) is not None:
                states.append(state)
            else:
                text.append(word)
        elif key == "since":
            since = duration(value)
        elif key == "vc":
            vcs = tuple(value.split(","))
        elif key == "image":
            image = value
        else:
            close = nearest(key, KEYS, 1)
            raise UserError("filter-unknown", word=word, nearest=close[0] if close else "")
    return JobFilter(tuple(dict.fromkeys(states)), vcs, since, image, " ".join(text))


def duration(words: str) -> timedelta:
    found = DURATION.fullmatch(words.lower())
    if found is None:
        raise UserError("filter-since", word=words)
    return timedelta(seconds=int(found[1]) * SECONDS[found[2]])

"""The names somebody probably meant: typos, swapped letters, beginnings."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST_BEGINNING = 2


def nearest(word: str, candidates: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """At most `limit` of the candidates, likeliest first; none when nothing is near enough to suggest."""
    typed = _folded(word)
    if not typed or limit < 1:
        return ()
    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(_folded(candidate), candidate)
    near = process.extract(
        typed, list(folded), scorer=OSA.distance, score_cutoff=_tolerance(typed), limit=None
    )
    ranked = [
        (score, not name.startswith(typed), abs(len(name) - len(typed)), place, name)
        for name, score, place in near
        if _plausible(typed, name, score)
    ]
    names = [name for *_, name in sorted(ranked)]
    if len(typed) >= _SHORTEST_BEGINNING:
        names += [name for name in folded if name.startswith(typed) and name not in names]
    return tuple(folded[name] for name in names[:limit])


def _folded(word: str) -> str:
    return word.strip().removeprefix("/").casefold().replace("_", "-")


def _tolerance(word: str) -> int:
    """Edits forgiven: in a short word, one letter more is another word."""
    return 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3


def _plausible(typed: str, name: str, score: float) -> bool:
    """Of very short words the first letter must be right, or only swapped with the second."""
    if score == 0 or len(typed) > 3:
        return True
    return len(typed) > 1 and (typed[0] == name[:1] or typed[1::-1] == name[:2])

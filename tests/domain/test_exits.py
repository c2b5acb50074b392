"""Exit codes explained without the cluster."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.domain.exits import exit_of

ORIGINAL = Path(__file__).parents[2].parent / "shared/contracts/exit-codes.yaml"


@pytest.mark.contracts
@pytest.mark.skipif(not ORIGINAL.is_file(), reason="the original table is not here")
def test_every_code_of_openpai_is_known() -> None:
    entries = YAML(typ="safe", pure=True).load(ORIGINAL)["entries"]
    assert len(entries) == 62
    for entry in entries:
        known = exit_of(entry["code"])
        assert (known.phrase, known.reason) == (entry["phrase"], entry.get("reason", ""))
        assert list(known.solution) == entry.get("solution", [])


def test_a_code_without_an_entry_keeps_its_number() -> None:
    assert (exit_of(7).code, exit_of(7).phrase) == (7, exit_of(256).phrase)
    assert (exit_of(-7).code, exit_of(-7).phrase) == (-7, exit_of(-8000).phrase)
    assert "memory" in exit_of(-1200).reason

"""A group's message of many lines is one message, however long the names in it are."""

import pytest

from bot.chat import markup
from bot.domain.text import text
from bot.i18n import Catalogue
from bot.services.feeds import SHOWN, cut, shortened

TEXTS = Catalogue.load(timezone="Asia/Shanghai")
LONG = cut("x" * 400)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["pushed", "deleted", "scanned"])
def test_the_longest_lines_are_one_message(language, kind):
    line = text("feed-image", kind=kind, name=LONG, who=LONG, critical=999, high=999)
    shown = [TEXTS.render(one, language) for one in shortened([line] * 1000)]
    assert len(shown) == SHOWN + 1
    assert "985" in shown[-1]
    assert len(list(markup.split(shown))) == 1


def test_all_lines_are_shown_while_they_fit():
    lines = [text("feed-more", count=n) for n in range(SHOWN)]
    assert shortened(lines) == tuple(lines)
    assert cut("a" * 100) == "a" * 100

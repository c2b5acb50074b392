"""The same lab as for uploads, and Eve's link to a file."""

import pytest

from tests.web.upload.conftest import eve, folder, site

__all__ = ["eve", "folder", "link", "site"]


@pytest.fixture
def link(site, eve):
    """The address behind the link that `/edit PATH` gives."""

    async def link(path):
        said = await eve.asks(f"/edit {path}")
        word = next(word for word in said.text.split() if "/e/" in word)
        found = word.removeprefix("http://pailot.example.edu")
        return f"http://127.0.0.1:{site.bot.web_port}{found}"

    return link

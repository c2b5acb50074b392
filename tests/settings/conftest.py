"""Reading settings in an empty folder."""

import pytest

from bot.settings import SettingsError, load


@pytest.fixture
def read(tmp_path):
    """Loads settings from TOML text and variables, in an empty folder."""

    def read(toml="", needed=(), **environ):
        (tmp_path / "pailot.toml").write_text(toml, "utf-8")
        return load(None, environ, tmp_path, needed=needed)

    return read


@pytest.fixture
def problems(read):
    def problems(toml="", needed=(), **environ):
        with pytest.raises(SettingsError) as caught:
            read(toml, needed, **environ)
        return caught.value.problems

    return problems

"""Settings as a whole: where they come from and which place wins."""

from zoneinfo import ZoneInfo

import pytest

from bot.settings import NEEDED_BY_RUN, Settings, load
from tests.settings.written import ENOUGH, KEY, TOKEN


def test_nothing_given_is_all_defaults_and_optional_systems_are_off(tmp_path):
    settings = load(None, {"HOME": "/", "PATH": "/bin"}, tmp_path)
    assert settings.telegram.api_url == "https://api.telegram.org"
    assert settings.harbor is None
    assert settings.storage is None
    assert settings.registries == ()
    assert settings.database.url.get_secret_value() == "sqlite:///pailot.db"
    assert settings.site.timezone == ZoneInfo("Asia/Shanghai")


def test_run_says_each_thing_it_cannot_do_without(problems):
    lines = problems(needed=NEEDED_BY_RUN)
    assert [line.split()[0] for line in lines] == list(NEEDED_BY_RUN)
    assert "PAILOT_TELEGRAM__TOKEN" in lines[0]
    assert "pailot init --key" in lines[2]


def test_the_environment_alone_is_enough_for_run(read):
    settings = read(needed=NEEDED_BY_RUN, **ENOUGH)
    assert settings.telegram.token.get_secret_value() == TOKEN
    assert settings.openpai.prometheus_url == "http://pai.example.edu/prometheus"


def test_the_environment_wins_over_the_file_name_by_name(read):
    toml = '[web]\nport = 1\nhost = "192.0.2.1"\n[site]\nname = "Vision"'
    settings = read(toml, PAILOT_WEB__PORT="2")
    assert (settings.web.port, settings.web.host, settings.site.name) == (2, "192.0.2.1", "Vision")


def test_names_of_variables_may_be_written_in_any_case(read):
    assert read(pailot_web__Port="7").web.port == 7


def test_one_variable_in_two_cases_is_a_problem(problems):
    assert "given as well" in problems(PAILOT_WEB__PORT="1", pailot_web__port="2")[0]


def test_an_empty_variable_is_as_if_it_were_not_set(read):
    settings = read('[site]\nname = "Vision"', PAILOT_SITE__NAME="", PAILOT_HARBOR__URL=" ")
    assert settings.site.name == "Vision"
    assert settings.harbor is None


def test_an_empty_section_is_a_missing_one(read):
    assert read("[harbor]\n[storage]\n").harbor is None


def test_all_secrets_can_be_listed_for_the_redaction_of_logs(read):
    registries = (
        '[{"name": "a", "url": "https://a.example.edu", "username": "u", "password": "regpw"}]'
    )
    settings = read(
        PAILOT_DATABASE__URL="postgresql+psycopg://pailot:p%40w@db/pailot",
        PAILOT_TELEGRAM__PROXY="socks5://ann:sockspw@192.0.2.9:1080",
        PAILOT_REGISTRIES=registries,
        **ENOUGH,
    )
    assert settings.secret_texts() == {TOKEN, KEY, "p@w", "sockspw", "regpw"}


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Settings().web.port = 1

"""What is said when something is wrong: all of it, with the nearest name, and no secret."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.settings import NEEDED_BY_RUN, SettingsError, load
from bot.settings.sections import SECTIONS, is_secret
from tests.settings.written import KEY, TOKEN


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("PAILOT_TELEGRAM__TOKN", "PAILOT_TELEGRAM__TOKEN"),
        ("PAILOT_TELEGRAM_TOKEN", "PAILOT_TELEGRAM__TOKEN"),
        ("PAILOT_TELGRAM__TOKEN", "PAILOT_TELEGRAM__TOKEN"),
        ("PAILOT_ADMINS", "PAILOT_TELEGRAM__ADMINS"),
        ("PAILOT_CONFG", "PAILOT_CONFIG"),
        ("PAILOT_TELEGRAM__TOKENFILE", "PAILOT_TELEGRAM__TOKEN_FILE"),
        ("PAILOT_REGISTRY", "PAILOT_REGISTRIES"),
    ],
)
def test_an_unknown_variable_is_an_error_with_the_nearest_name(problems, variable, meant):
    (line,) = problems(**{variable: "hunter22"})
    assert line == f"{variable}: is no setting; did you mean {meant}?"


@pytest.mark.parametrize(
    ("toml", "meant"),
    [
        ("[telegarm]\ntoken = 'hunter22'", "[telegram]"),
        ("[telegram]\ntoken_ = 'hunter22'", "telegram.token?"),
        ("[telegram]\npoll_seconds = 5", "openpai.poll_seconds"),
        ("[web]\nxyzzy = 'hunter22'", "public_url"),
        ("tokn = 'hunter22'", "there are telegram"),
        ("telegram = 'hunter22'", "[telegram]"),
        ("[[registries]]\nname='a'\nurl='https://a.example.edu'\npasword='hunter22'", "password"),
    ],
)
def test_an_unknown_name_in_the_file_is_an_error_with_the_nearest_one(problems, toml, meant):
    (line,) = problems(toml)
    assert meant in line
    assert "hunter22" not in line


def test_variables_that_kubernetes_makes_for_a_service_are_no_settings(read):
    read(
        PAILOT_SERVICE_HOST="192.0.2.1",
        PAILOT_SERVICE_PORT="8080",
        PAILOT_PORT="tcp://192.0.2.1:8080",
        PAILOT_PORT_8080_TCP_ADDR="192.0.2.1",
    )


def test_all_problems_are_told_at_once(problems):
    lines = problems(
        "[telegarm]\nx = 1\n[web]\nport = 99999",
        NEEDED_BY_RUN,
        PAILOT_OPENPAI__URL="http//pai",
        PAILOT_HARBOR__USERNAME="x",
        PAILOT_SITE__LANGUAGE="fr",
        PAILOT_FOO="1",
    )
    for part in (
        "telegarm",
        "port",
        "OPENPAI__URL",
        "harbor.url",
        "harbor.password",
        "LANGUAGE",
        "PAILOT_FOO",
        "telegram.token",
        "secrets.keys",
    ):
        assert any(part in line for line in lines), part
    assert len(lines) == len(set(lines))


def test_a_secret_is_never_printed_wherever_it_was_pasted(tmp_path):
    secrets = [
        TOKEN,
        KEY,
        "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFubiJ9.c2lnbmF0dXJl",
        "http://ann:S3cret-Pw@192.0.2.1",
    ]
    for secret in secrets:
        for section, model in SECTIONS.items():
            for name in model.model_fields:
                environ = {f"PAILOT_{section}__{name}".upper(): secret}
                try:
                    shown = repr(load(None, environ, tmp_path))
                    shown = "" if not is_secret(model, name) else shown
                except SettingsError as error:
                    shown = str(error)
                assert secret not in shown, (section, name)
                assert "S3cret-Pw" not in shown, (section, name)


def settings_or_problems(environ):
    try:
        return load(None, environ, Path("/nonexistent"))
    except SettingsError as error:
        return error.problems


@given(st.text(max_size=60))
@example("~0")  # the folder of a user who does not exist
def test_no_text_whatever_ends_in_anything_but_settings_or_problems(text):
    for section, model in SECTIONS.items():
        for name in model.model_fields:
            assert settings_or_problems({f"PAILOT_{section}__{name}".upper(): text})

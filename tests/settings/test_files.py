"""The settings file itself, and the files that hold secrets."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, load
from bot.settings.sections import SECTIONS, is_secret
from tests.settings.written import CERTIFICATE, KEY, STORAGE, TOKEN


def test_a_secret_is_read_from_a_file_and_loses_its_last_newline_only(read, tmp_path):
    (tmp_path / "pw").write_text(" pass word \n\n")
    settings = read(
        PAILOT_HARBOR__URL="https://harbor.example.edu",
        PAILOT_HARBOR__USERNAME="site",
        PAILOT_HARBOR__PASSWORD_FILE="pw",
    )
    assert settings.harbor.password.get_secret_value() == " pass word \n"


def test_windows_line_ends_are_dropped_from_a_secret(read, tmp_path):
    (tmp_path / "token").write_bytes(b"eyJh.eyJi.c\r\n")
    assert (
        read(PAILOT_OPENPAI__TOKEN_FILE="token").openpai.token.get_secret_value() == "eyJh.eyJi.c"
    )


def test_keys_and_database_come_from_files_too(read, tmp_path):
    (tmp_path / "keys").write_text(f"{KEY}\n{KEY}\n")
    (tmp_path / "db").write_text("postgresql+psycopg://pailot:pw@db/pailot\n")
    settings = read('[secrets]\nkeys_file = "keys"', PAILOT_DATABASE__URL_FILE=str(tmp_path / "db"))
    assert len(settings.secrets.keys) == 2
    assert settings.database.url.get_secret_value().endswith("/pailot")


def test_every_secret_has_its_file_form(read, tmp_path):
    values = {"token": "1:a", "keys": KEY, "url": "sqlite:///x.db", "proxy": "http://a:1"}
    for section, model in SECTIONS.items():
        for name in model.model_fields:
            if not is_secret(model, name):
                continue
            (tmp_path / "secret").write_text(values.get(name, "secret") + "\n")
            environ = {f"PAILOT_{section}__{name}_FILE".upper(): "secret"}
            if section == "harbor":
                environ |= {
                    "PAILOT_HARBOR__URL": "https://harbor.example.edu",
                    "PAILOT_HARBOR__USERNAME": "a",
                    "PAILOT_HARBOR__ADMIN_USERNAME": "b",
                }
                environ = {
                    "PAILOT_HARBOR__PASSWORD": "x",
                    "PAILOT_HARBOR__ADMIN_PASSWORD": "y",
                } | environ
                if f"{name}_file".upper() in " ".join(environ):
                    environ.pop(f"PAILOT_HARBOR__{name}".upper(), None)
            if section == "storage":
                environ |= STORAGE | {"PAILOT_STORAGE__USERNAME": "site"}
            assert getattr(getattr(read(**environ), section), name)


def test_both_forms_of_a_secret_are_one_too_many(problems, tmp_path):
    (tmp_path / "t").write_text("1:hunter22")
    (line,) = problems(PAILOT_TELEGRAM__TOKEN=TOKEN, PAILOT_TELEGRAM__TOKEN_FILE="t")
    assert line.startswith("PAILOT_TELEGRAM__TOKEN_FILE: token is given as well")
    (line,) = problems('[telegram]\ntoken = "1:a"\ntoken_file = "t"')
    assert "given as well" in line


def test_either_form_in_the_environment_wins_over_either_in_the_file(read, tmp_path):
    (tmp_path / "t").write_text("2:env")
    settings = read('[telegram]\ntoken = "1:file"', PAILOT_TELEGRAM__TOKEN_FILE="t")
    assert settings.telegram.token.get_secret_value() == "2:env"


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_secret_file_that_cannot_be_used_is_told(problems, tmp_path, content):
    if content is not None:
        (tmp_path / "t").write_bytes(content)
    (line,) = problems(PAILOT_TELEGRAM__TOKEN_FILE="t")
    assert line.startswith("PAILOT_TELEGRAM__TOKEN_FILE: the file")


def test_what_is_no_secret_has_no_file_form(problems):
    assert "is no setting" in problems(PAILOT_SITE__NAME_FILE="x")[0]


def test_files_named_in_the_settings_file_are_looked_up_beside_it(tmp_path):
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "ca.pem").write_text(CERTIFICATE)
    (folder / "token").write_text("1:a\n")
    (folder / "my.toml").write_text(
        '[openpai]\nca_file = "ca.pem"\n[telegram]\ntoken_file = "token"'
    )
    settings = load(Path("etc/my.toml"), {}, tmp_path)
    assert settings.openpai.ca_file == folder / "ca.pem"
    assert settings.telegram.token.get_secret_value() == "1:a"


def test_a_certificate_file_that_is_none_is_told(problems, tmp_path):
    assert "No such file" in problems(PAILOT_OPENPAI__CA_FILE="nowhere.pem")[0]
    (tmp_path / "key.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    )
    for name in ("OPENPAI", "HARBOR"):
        said = problems(**{f"PAILOT_{name}__CA_FILE": str(tmp_path / "key.pem")})
        assert any(
            line.startswith(f"PAILOT_{name}__CA_FILE: holds no certificate") for line in said
        )


def test_the_option_wins_over_the_variable_and_that_over_the_folder(tmp_path):
    for name in ("one", "two", "pailot"):
        (tmp_path / f"{name}.toml").write_text(f'[site]\nname = "{name}"')
    environ = {"PAILOT_CONFIG": "two.toml"}
    assert load(tmp_path / "one.toml", environ, tmp_path).site.name == "one"
    assert load(None, environ, tmp_path).site.name == "two"
    assert load(None, {}, tmp_path).site.name == "pailot"


def test_a_named_file_that_is_missing_is_a_problem(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "absent.toml", {}, tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "pailot.toml").write_bytes(b'\xef\xbb\xbf[site]\r\nname = "x"\r\n')
    assert load(None, {}, tmp_path).site.name == "x"


def test_broken_toml_is_told_with_its_line_and_without_its_content(problems):
    (line,) = problems('[telegram]\ntoken = "hunter22\n')
    assert "line 2" in line
    assert "hunter22" not in line


def test_a_file_in_another_encoding_is_told(tmp_path):
    (tmp_path / "pailot.toml").write_bytes('[site]\nname = "视觉"'.encode("gbk"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load(None, {}, tmp_path)

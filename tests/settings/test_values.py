"""Each kind of value: every form it may be written in, and what is said of any other."""

import pytest
from cryptography.fernet import Fernet

from bot.settings import NEEDED_BY_RUN
from tests.settings.written import HOST_KEY, KEY, STORAGE


@pytest.mark.parametrize("written", ["1,2", "[1, 2]", '["1", "2"]', " 1 , 2 ", "1,2,", "1\n2\n"])
def test_a_list_may_be_json_or_joined_by_commas_or_lines(read, written):
    assert read(PAILOT_TELEGRAM__ADMINS=written).telegram.admins == (1, 2)


@pytest.mark.parametrize("written", ["42", "[42]", '"42"', "'42'", "'[42]'"])
def test_a_list_of_one_may_be_a_bare_value_in_the_file(read, written):
    assert read(f"[telegram]\nadmins = {written}").telegram.admins == (42,)


def test_a_broken_json_list_is_told_as_one(problems):
    assert "JSON" in problems(PAILOT_TELEGRAM__ADMINS="[1, 2")[0]


@pytest.mark.parametrize("written", ["@ann", "-100123", "0", "1.5", "true"])
def test_an_admin_is_a_numeric_id(problems, written):
    assert "numeric" in problems(PAILOT_TELEGRAM__ADMINS=f"1,{written}")[0]


def test_telegram_ids_beyond_32_bits_are_read(read):
    assert read(PAILOT_TELEGRAM__ADMINS="7000000000").telegram.admins == (7_000_000_000,)


def test_several_keys_keep_their_order(read):
    other = Fernet.generate_key().decode()
    keys = read(PAILOT_SECRETS__KEYS=f"{other},{KEY}").secrets.keys
    assert [key.get_secret_value() for key in keys] == [other, KEY]


@pytest.mark.parametrize(
    "key", ["short", KEY[:-1], KEY + "A", KEY.replace(KEY[3], "!"), "密钥" * 11]
)
def test_a_key_that_is_no_fernet_key_is_refused_and_not_shown(problems, key):
    (line,) = problems(PAILOT_SECRETS__KEYS=f"{KEY},{key}")
    assert "number 2" in line
    assert key not in line


def test_an_empty_list_of_keys_does_not_satisfy_run(problems):
    toml = (
        '[secrets]\nkeys = []\n[telegram]\ntoken = "1:a"\n[openpai]\nurl = "http://pai.example.edu"'
    )
    assert problems(toml, NEEDED_BY_RUN)[0].startswith("secrets.keys is missing")


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("500M", 500 * 2**20),
        ("2T", 2 * 2**40),
        ("1.5g", 3 * 2**29),
        ("512 MiB", 2**29),
        ("7", 7),
        ("64KB", 2**16),
    ],
)
def test_sizes_are_read_as_bytes(read, written, size):
    assert read(PAILOT_STORAGE__QUOTA=written, **STORAGE).storage.quota == size


@pytest.mark.parametrize("written", ["-1G", "lots", "1X", "G", "1,5G"])
def test_what_is_no_size_is_refused(problems, written):
    assert "500M" in problems(PAILOT_STORAGE__QUOTA=written, **STORAGE)[0]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("30s", 30), ("7d", 604800), ("0.5", 0.5), ("2 m", 120), ("1H", 3600), ("1w", 604800)],
)
def test_durations_are_read_as_seconds(read, written, seconds):
    assert read(PAILOT_OPENPAI__POLL_SECONDS=written).openpai.poll_seconds == seconds


@pytest.mark.parametrize("written", ["0", "0s", "soon", "-5", "5 years"])
def test_what_is_no_duration_is_refused(problems, written):
    assert problems(PAILOT_OPENPAI__POLL_SECONDS=written)


@pytest.mark.parametrize("written", ["true", "on", "YES", "1", "True"])
def test_booleans_have_many_forms(read, written):
    assert read(PAILOT_SITE__SUDO_DOCKER=written).site.sudo_docker is True


@pytest.mark.parametrize(
    ("written", "pace"),
    [("off", "off"), ("false", "off"), ("0", "off"), ("ON", "on"), ("yes", "on")],
)
def test_switches_may_be_written_as_booleans(read, written, pace):
    assert read(PAILOT_TELEGRAM__PACE=written).telegram.pace == pace


def test_a_toml_boolean_switches_too(read):
    assert read("[telegram]\npace = false").telegram.pace == "off"


@pytest.mark.parametrize(
    ("written", "share"), [("90%", 0.9), ("0.8", 0.8), ("75", 0.75), ("100%", 1.0)]
)
def test_a_share_has_three_forms(read, written, share):
    assert read(PAILOT_STORAGE__WARN_AT=written, **STORAGE).storage.warn_at == share


def test_modes_are_octal_text(read):
    storage = read(
        PAILOT_STORAGE__FOLDER_MODE="0770", PAILOT_STORAGE__UMASK="027", **STORAGE
    ).storage
    assert (storage.folder_mode, storage.umask) == (0o770, 0o27)


def test_a_mode_without_quotes_is_not_guessed_at(problems):
    toml = f'[storage]\nhost = "storage.example.edu"\nhost_key = "{HOST_KEY}"\nfolder_mode = 2777'
    assert "quotes" in problems(toml)[0]


@pytest.mark.parametrize("options", ["nolock, rw", "nolock;reboot", "-o nolock", "$(id)"])
def test_mount_options_cannot_carry_shell(problems, options):
    if options == "-o nolock":
        assert problems(PAILOT_STORAGE__NFS_OPTIONS=options, **STORAGE)
    else:
        assert "commas" in problems(PAILOT_STORAGE__NFS_OPTIONS=options, **STORAGE)[0]


@pytest.mark.parametrize("path", ["data", "/data/../etc", "/da:ta", "~"])
def test_the_data_root_is_an_absolute_path(problems, path):
    assert "absolute" in problems(PAILOT_STORAGE__ROOT=path, **STORAGE)[0]


@pytest.mark.parametrize("token", ["nonsense", "abc:def", ":abc", "12:", "12:a b", "bot12:abc"])
def test_a_bot_token_has_its_shape_and_is_not_shown(problems, token):
    (line,) = problems(PAILOT_TELEGRAM__TOKEN=token)
    assert "BotFather" in line
    assert token not in line


def test_a_time_zone_is_suggested(problems):
    assert "Asia/Shanghai" in problems(PAILOT_SITE__TIMEZONE="Asia/Shangai")[0]


def test_a_choice_names_what_may_be_chosen(problems):
    (line,) = problems(PAILOT_PRIVACY__JOIN="everybody")
    assert all(word in line for word in ("invite", "group", "open", "off"))


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[site]\nname = 5", "quotes"),
        ("[telegram]\ntoken = 5", "quotes"),
        ("[web]\nport = 'eighty'", "whole number"),
        ("[web]\nport = 80.5", "whole number"),
        ("[telegram]\nadmins = true", "list"),
        ("[openpai]\ntoken = ['a']", "quotes"),
        ("[openpai]\ntoken_file = 5", "name of a file"),
        ("[storage]\nhost = 'a'\nhost_key = 5", "quotes"),
        ("[jobs]\nshm = '1'", "greater than or equal"),
        ("[site]\nsudo_docker = 'maybe'", "on or off"),
    ],
)
def test_a_value_of_another_kind_is_told_as_such(problems, toml, says):
    (line,) = problems(toml)
    assert says in line


@pytest.mark.parametrize("secret", ["has space", "x" * 257, "päss"])
def test_a_webhook_secret_is_what_telegram_takes(problems, secret):
    (line,) = problems(PAILOT_TELEGRAM__WEBHOOK_SECRET=secret)
    assert "1 to 256" in line
    assert secret not in line

"""Settings: what may be written where, and what is said when it is written wrongly."""

import json
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import NEEDED_BY_RUN, Settings, SettingsError, load
from bot.settings.sections import SECTIONS, is_secret

KEY = Fernet.generate_key().decode()
TOKEN = "123456:AAE-madeUpTokenOfNobody_0123456789abcd"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
ENOUGH = {
    "PAILOT_TELEGRAM__TOKEN": TOKEN,
    "PAILOT_OPENPAI__URL": "http://pai.example.edu",
    "PAILOT_SECRETS__KEYS": KEY,
}
STORAGE = {"PAILOT_STORAGE__HOST": "storage.example.edu", "PAILOT_STORAGE__HOST_KEY": HOST_KEY}


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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("http//pai.example.edu", "http://pai.example.edu"),
        ("http:/pai.example.edu", "http://pai.example.edu"),
        ("htp://pai.example.edu", "http://pai.example.edu"),
        ("https:pai.example.edu", "https://pai.example.edu"),
        ("pai.example.edu", "in front"),
        ("ftp://pai.example.edu", "must start with"),
        ("http://pai.example.edu:70000", "port"),
        ("http://pai.example.edu/?a=1", "?"),
        ("http://", "address"),
    ],
)
def test_a_wrong_address_is_told_how_it_is_wrong(problems, written, meant):
    (line,) = problems(PAILOT_OPENPAI__URL=written)
    assert line.startswith("PAILOT_OPENPAI__URL: ")
    assert meant in line


@pytest.mark.parametrize(
    "written",
    [
        "http://pai.example.edu/",
        " http://PAI.example.edu ",
        "HTTP://pai.example.edu/rest-server/api/v2",
        "http://pai.example.edu/api/v2/",
        "http://pai.example.edu/rest-server",
    ],
)
def test_a_pasted_openpai_address_is_cut_back_to_its_root(read, written):
    assert read(PAILOT_OPENPAI__URL=written).openpai.url == "http://pai.example.edu"


@pytest.mark.parametrize(
    "written", ["http://[::1]:8080/x", "http://192.0.2.4:9186", "https://a.example.edu/sub/path"]
)
def test_addresses_keep_port_path_and_ipv6(read, written):
    assert read(PAILOT_WEB__PUBLIC_URL=written + "/").web.public_url == written


def test_an_address_with_a_password_is_refused_and_not_shown(problems):
    (line,) = problems(PAILOT_HARBOR__URL="https://admin:Harbor12345@harbor.example.edu")
    assert "Harbor12345" not in line


def test_a_prometheus_address_of_its_own_is_kept(read):
    settings = read(
        PAILOT_OPENPAI__URL="http://pai.example.edu",
        PAILOT_OPENPAI__PROMETHEUS_URL="http://192.0.2.4:9091/",
    )
    assert settings.openpai.prometheus_url == "http://192.0.2.4:9091"


def test_the_bot_api_root_is_written_without_bot(problems):
    (line,) = problems(PAILOT_TELEGRAM__API_URL=f"https://api.telegram.org/bot{TOKEN}")
    assert "/bot" in line
    assert TOKEN not in line


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("socks5h://ann:pw@192.0.2.9:1080/", "socks5://ann:pw@192.0.2.9:1080"),
        ("HTTP://proxy.example.edu:3128", "http://proxy.example.edu:3128"),
    ],
)
def test_proxies_are_http_or_socks5(read, written, kept):
    assert read(PAILOT_TELEGRAM__PROXY=written).telegram.proxy.get_secret_value() == kept


@pytest.mark.parametrize(
    "written", ["ftp://a:1", "socks5://a", "proxy.example.edu:3128", "https://a:1", "socks4://a:1"]
)
def test_other_proxies_are_refused(problems, written):
    assert problems(PAILOT_TELEGRAM__PROXY=written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("sqlite:////var/lib/pailot/pailot.db", "sqlite:////var/lib/pailot/pailot.db"),
        ("postgresql+psycopg://pailot:pw@db/pailot", "postgresql+psycopg://pailot:pw@db/pailot"),
        ("postgres://pailot@db/pailot", "postgresql+psycopg://pailot@db/pailot"),
        (
            "postgresql:///pailot?host=/run/postgresql",
            "postgresql+psycopg:///pailot?host=/run/postgresql",
        ),
    ],
)
def test_databases_are_sqlite_or_postgresql(read, written, kept):
    assert read(PAILOT_DATABASE__URL=written).database.url.get_secret_value() == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("sqlite://pailot.db", "three slashes"),
        ("sqlite://", "forgets"),
        ("sqlite:///:memory:", "forgets"),
        ("mysql://root:hunter22@db/x", "sqlite:///"),
        ("postgresql+asyncpg://u:hunter22@db/x", "psycopg"),
        ("postgresql://u:hunter22@db", "no database"),
        ("pailot.db", "sqlite:///"),
    ],
)
def test_other_databases_are_refused_without_their_password(problems, written, why):
    (line,) = problems(PAILOT_DATABASE__URL=written)
    assert why in line
    assert "hunter22" not in line


@pytest.mark.parametrize(
    "written",
    [HOST_KEY, f"{HOST_KEY} root@storage", "SHA256:" + "a" * 43, "SHA256:" + "a" * 43 + "="],
)
def test_a_host_key_is_a_key_line_or_a_fingerprint(read, written):
    environ = STORAGE | {"PAILOT_STORAGE__HOST_KEY": written}
    assert read(**environ).storage.host_key in {HOST_KEY, "SHA256:" + "a" * 43}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "SHA256:short",
        "MD5:aa:bb",
        f"storage.example.edu {HOST_KEY}",
        "ssh-rsa " + HOST_KEY.split()[1],
        "ssh-ed25519 !!",
        "ssh-ed25519",
    ],
)
def test_a_storage_server_is_never_used_without_a_good_host_key(problems, written):
    assert "host" in problems(**STORAGE | {"PAILOT_STORAGE__HOST_KEY": written})[0]


def test_storage_defaults_follow_the_host(read):
    storage = read(**STORAGE).storage
    assert storage.nfs_server == "storage.example.edu"
    assert (storage.port, storage.root, storage.mount_point, storage.mount) == (
        22,
        "/data",
        "/mnt",
        "on",
    )


def test_networks_are_cidrs(read):
    networks = read(PAILOT_STORAGE__TRANSFER_NETWORKS="192.0.2.0/24, 203.0.113.7", **STORAGE)
    assert networks.storage.transfer_networks == (
        ip_network("192.0.2.0/24"),
        ip_network("203.0.113.7/32"),
    )


def test_a_host_written_as_a_network_is_corrected(problems):
    (line,) = problems(PAILOT_STORAGE__TRANSFER_NETWORKS="192.0.2.7/24", **STORAGE)
    assert "192.0.2.0/24" in line


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


def test_webhook_mode_needs_an_address_and_a_secret(problems):
    lines = problems(PAILOT_TELEGRAM__MODE="webhook")
    assert "web.public_url" in lines[0]
    assert "telegram.webhook_secret" in lines[1]


def test_webhook_mode_is_accepted_when_complete(read):
    settings = read(
        PAILOT_TELEGRAM__MODE="webhook",
        PAILOT_TELEGRAM__WEBHOOK_SECRET="s3cret",
        PAILOT_WEB__PUBLIC_URL="http://127.0.0.1:8080",
    )
    assert settings.telegram.mode == "webhook"


@pytest.mark.parametrize(
    "given_",
    [
        {"PAILOT_HARBOR__URL": "https://harbor.example.edu", "PAILOT_HARBOR__USERNAME": "site"},
        {"PAILOT_HARBOR__URL": "https://harbor.example.edu", "PAILOT_HARBOR__ADMIN_PASSWORD": "pw"},
        {**STORAGE, "PAILOT_STORAGE__USERNAME": "site"},
        {**STORAGE, "PAILOT_STORAGE__PASSWORD": "pw"},
    ],
)
def test_a_user_name_and_its_password_belong_together(problems, given_):
    assert "beside it" in problems(**given_)[0]


def test_a_storage_key_and_a_password_are_one_too_many(problems, tmp_path):
    (tmp_path / "id").write_text("key")
    lines = problems(
        **STORAGE,
        PAILOT_STORAGE__USERNAME="site",
        PAILOT_STORAGE__PASSWORD="pw",
        PAILOT_STORAGE__KEY_FILE="id",
    )
    assert len(lines) == 1
    assert "keep one" in lines[0]


def test_harbor_without_an_address_is_told_so(problems):
    assert problems(PAILOT_HARBOR__PROJECT="lab")[0].startswith("harbor.url: is missing")


# Files that hold secrets


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
    (folder / "ca.pem").write_text("pem")
    (folder / "token").write_text("1:a\n")
    (folder / "my.toml").write_text(
        '[openpai]\nca_file = "ca.pem"\n[telegram]\ntoken_file = "token"'
    )
    settings = load(Path("etc/my.toml"), {}, tmp_path)
    assert settings.openpai.ca_file == folder / "ca.pem"
    assert settings.telegram.token.get_secret_value() == "1:a"


def test_a_certificate_file_that_is_not_there_is_told(problems):
    assert "No such file" in problems(PAILOT_OPENPAI__CA_FILE="nowhere.pem")[0]


# The settings file itself


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


# Unknown names


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


# Registries


def test_registries_come_from_a_json_array(read):
    written = [
        {"name": "hub", "url": "https://registry.example.edu/", "mirror_of": "docker.io"},
        {
            "name": "acr",
            "url": "http://203.0.113.5:5000",
            "username": "张三",
            "password": "pw",
            "insecure": "yes",
        },
    ]
    hub, acr = read(PAILOT_REGISTRIES=json.dumps(written)).registries
    assert (hub.url, hub.mirror_of, hub.password) == (
        "https://registry.example.edu",
        "docker.io",
        None,
    )
    assert (acr.username, acr.password.get_secret_value(), acr.insecure) == ("张三", "pw", True)


def test_registries_come_from_tables_of_the_file_and_their_passwords_from_files(read, tmp_path):
    (tmp_path / "pw").write_text("pw\n")
    toml = '[[registries]]\nname = "a"\nurl = "https://a.example.edu"\nusername = "u"\npassword_file = "pw"'
    assert read(toml).registries[0].password.get_secret_value() == "pw"


@pytest.mark.parametrize("written", ["hub", "{}", '["hub"]', "[", '{"name": "hub"}'])
def test_registries_that_are_no_array_of_objects_are_told(problems, written):
    assert problems(PAILOT_REGISTRIES=written)[0].startswith("PAILOT_REGISTRIES")


def test_each_registry_has_a_name_of_its_own(problems):
    one = {"name": "hub", "url": "https://registry.example.edu"}
    assert "already" in problems(PAILOT_REGISTRIES=json.dumps([one, one]))[0]


def test_a_problem_in_a_registry_names_which_one(problems):
    one = {"name": "hub", "url": "registry.example.edu", "username": "u"}
    lines = problems(PAILOT_REGISTRIES=json.dumps([one]))
    assert lines[0].startswith("PAILOT_REGISTRIES 1: url: ")
    assert "belong together" in lines[1]


# Everything at once, and nothing secret


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
def test_no_text_whatever_ends_in_anything_but_settings_or_problems(text):
    for section, model in SECTIONS.items():
        for name in model.model_fields:
            assert settings_or_problems({f"PAILOT_{section}__{name}".upper(): text})


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

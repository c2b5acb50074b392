"""Addresses of web services, hosts, databases, proxies and networks."""

from ipaddress import ip_network

import pytest

from tests.settings.written import HOST_KEY, STORAGE, TOKEN


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

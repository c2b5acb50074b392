"""Every setting there is: its section, name, kind, default and one line about it.

The tables in the README and `.env.example` are made from these classes. A section whose system is
optional is None when nothing of it was given.
"""

import re
from typing import Annotated, Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.settings import addresses, kinds


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Telegram(Section):
    token: kinds.BotToken = Field(
        default=SecretStr(""), description="the bot's token from @BotFather; required by `run`"
    )
    api_url: addresses.TelegramRoot = Field(
        default="https://api.telegram.org", description="root of the Bot API, without `/bot`"
    )
    proxy: addresses.ProxyUrl | None = Field(
        default=None, description="`http://…` or `socks5://…`, for Telegram only"
    )
    admins: Annotated[tuple[kinds.TelegramId, ...], kinds.LIST] = Field(
        default=(), description="numeric ids of the first admins"
    )
    mode: Annotated[Literal["polling", "webhook"], kinds.WORD] = Field(
        default="polling", description="`polling`, or `webhook` at `<web.public_url>/telegram`"
    )
    webhook_secret: kinds.WebhookSecret | None = Field(
        default=None,
        description="what Telegram sends along with each webhook call; required by `webhook`",
    )
    pace: Annotated[Literal["on", "off"], kinds.SWITCH] = Field(
        default="on",
        description="keep below Telegram's limits; `off` for a Bot API server of your own",
    )


class OpenPai(Section):
    url: addresses.OpenPaiRoot = Field(
        default="", description="the portal's address, or a bare rest-server's; required by `run`"
    )
    token: SecretStr | None = Field(
        default=None, description="service application token, with which the watcher lists jobs"
    )
    poll_seconds: kinds.Duration = Field(default=5.0, description="how often jobs are looked at")
    ca_file: kinds.CertificateFile | None = Field(
        default=None, description="certificates to trust besides the system's"
    )
    prometheus_url: addresses.HttpUrl = Field(
        default_factory=lambda data: f"{data['url']}/prometheus" if data.get("url") else "",
        description="where the GPU numbers are; unless given, below the portal (not asked yet)",
        json_schema_extra={"shown": "<url>/prometheus"},
    )


class Harbor(Section):
    url: addresses.HttpUrl = Field(description="the registry's address; required by the section")
    username: str = Field(default="", description="read-only site account")
    password: SecretStr | None = Field(default=None, description="its password or CLI secret")
    admin_username: str = Field(
        default="", description="account that makes members, robots and GC runs"
    )
    admin_password: SecretStr | None = Field(default=None, description="its password")
    project: str = Field(default="", description="the lab's project")
    ca_file: kinds.CertificateFile | None = Field(
        default=None, description="certificates to trust besides the system's"
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="the `Authorization` of Harbor's calls to `<web.public_url>/hooks/harbor`",
    )


class Registry(Section):
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", description="short name people may type")
    url: addresses.HttpUrl = Field(description="address of its `/v2`")
    username: str = Field(default="", description="account, also in Chinese")
    password: SecretStr | None = Field(default=None, description="its password")
    insecure: bool = Field(default=False, description="accept any certificate")
    mirror_of: str = Field(
        default="", description="the registry it stands in for, such as docker.io"
    )


class Storage(Section):
    host: addresses.HostName = Field(description="SSH address; required by the section")
    port: int = Field(default=22, ge=1, le=65535, description="SSH port")
    username: str = Field(default="", description="the site's account")
    key_file: kinds.ReadableFile | None = Field(
        default=None, description="its private key; this or the password"
    )
    password: SecretStr | None = Field(default=None, description="its password")
    host_key: addresses.HostKey = Field(
        description="public key line or `SHA256:…`; required by the section"
    )
    root: kinds.AbsolutePath = Field(default="/data", description="where people's folders are")
    folder_mode: kinds.Octal = Field(
        default=0o2777,
        description="mode of a person's folder, in quotes",
        json_schema_extra={"octal": 4},
    )
    umask: kinds.Octal = Field(
        default=0o002,
        description="umask of jobs that mount, in quotes",
        json_schema_extra={"octal": 3},
    )
    quota: kinds.Size | None = Field(
        default=None, description="what one folder may hold, like `500M`, `2T`"
    )
    warn_at: kinds.Share = Field(
        default=0.9,
        description="how full disk or quota is when people are warned",
        json_schema_extra={"share": True},
    )
    transfer_networks: Annotated[tuple[addresses.Network, ...], kinds.LIST] = Field(
        default=(), description="CIDRs that transfers may reach besides public addresses"
    )
    nfs_server: addresses.HostName = Field(
        default_factory=lambda data: data.get("host", ""),
        description="the server as jobs mount it",
        json_schema_extra={"shown": "<host>"},
    )
    nfs_options: kinds.MountOptions = Field(default="nolock", description="options of the mount")
    mount_point: kinds.AbsolutePath = Field(
        default="/mnt", description="where a job finds the folder"
    )
    mount: Annotated[Literal["on", "off", "plugin"], kinds.SWITCH] = Field(
        default="on",
        description="by NFS (`on`), not at all (`off`), or by OpenPAI's storage (`plugin`)",
    )


class Database(Section):
    url: addresses.DatabaseUrl = Field(
        default=SecretStr("sqlite:///pailot.db"),
        description="`sqlite:///…` or `postgresql+psycopg://…`",
    )


class Secrets(Section):
    keys: Annotated[tuple[kinds.FernetKey, ...], kinds.LIST] = Field(
        default=(), description="Fernet keys, newest first (`pailot init --key`); required by `run`"
    )


class Web(Section):
    host: addresses.HostName = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one"
    )
    public_url: addresses.HttpUrl = Field(
        default="",
        description="how people, Telegram and Harbor reach it; unless given, no links are sent",
    )


class Site(Section):
    name: str = Field(default="", description="the lab's name, for greetings")
    language: Annotated[Literal["zh", "en"], kinds.WORD] = Field(
        default="zh", description="`zh` or `en`, for people whose own language is not known"
    )
    timezone: kinds.TimeZone = Field(
        default=ZoneInfo("Asia/Shanghai"), description="zone that times are shown in"
    )
    sudo_docker: bool = Field(default=True, description="write `sudo` in front of docker lines")
    pip_mirror: addresses.HttpUrl = Field(
        default="", description="package index for jobs and Dockerfiles"
    )


class Privacy(Section):
    logs: Annotated[Literal["chat", "web"], kinds.WORD] = Field(
        default="chat",
        description="where log text may be shown: `chat`, or `web`: on OpenPAI's portal only",
    )
    join: Annotated[Literal["invite", "group", "open", "off"], kinds.WORD] = Field(
        default="invite",
        description="who may ask for an account (nobody can yet: it has no effect)",
    )


class Jobs(Section):
    image: str = Field(default="", description="image of a job that names none")
    vc: str = Field(default="default", description="virtual cluster")
    sku: str = Field(default="", description="SKU type; unless given, the cluster chooses")
    gpu: int = Field(default=1, ge=0, description="GPUs")
    cpu_per_gpu: int = Field(default=4, ge=1, description="CPU cores for each GPU")
    memory_per_gpu: kinds.Size = Field(
        default=8 * 2**30,
        ge=2**20,
        description="host memory for each GPU",
        json_schema_extra={"size": True},
    )
    shm: kinds.Size = Field(
        default=512 * 2**20,
        ge=2**20,
        description="size of `/dev/shm`",
        json_schema_extra={"size": True},
    )
    priority: Annotated[Literal["prod", "test", "oppo", ""], kinds.WORD] = Field(
        default="", description="`prod`, `test` or `oppo`; unless given, the cluster's own"
    )
    retries: int = Field(default=0, ge=0, le=100, description="how often a failed job starts again")


class Settings(Section):
    """All settings, frozen. `bot.settings.load` makes it from file and environment.

    Made directly, the rules between settings (a user name needs its password) are not looked at.
    """

    telegram: Telegram = Telegram()
    openpai: OpenPai = OpenPai()
    harbor: Harbor | None = None
    registries: tuple[Registry, ...] = ()
    storage: Storage | None = None
    database: Database = Database()
    secrets: Secrets = Secrets()
    web: Web = Web()
    site: Site = Site()
    privacy: Privacy = Privacy()
    jobs: Jobs = Jobs()

    def secret_texts(self) -> frozenset[str]:
        """Every secret among the values, for the redaction of logs; of an address its password."""
        return frozenset(
            text
            for section in (*dict(self).values(), *self.registries)
            if isinstance(section, Section)
            for _, value in section
            for secret in (value if isinstance(value, tuple) else (value,))
            if isinstance(secret, SecretStr) and (text := _secret_part(secret.get_secret_value()))
        )


def _secret_part(text: str) -> str:
    if "://" not in text:
        return text
    login = re.search(r"://[^:@/]*:(.+)@", text)
    return unquote(login[1]) if login else ""


SECTIONS: dict[str, type[Section]] = {
    "telegram": Telegram,
    "openpai": OpenPai,
    "harbor": Harbor,
    "storage": Storage,
    "database": Database,
    "secrets": Secrets,
    "web": Web,
    "site": Site,
    "privacy": Privacy,
    "jobs": Jobs,
}


def is_secret(section: type[Section], name: str) -> bool:
    """Whether a setting is never printed and may be read from a file by `<name>_file`."""
    field = section.model_fields[name]
    return "SecretStr" in str(field.annotation)


def paths(section: type[Section]) -> frozenset[str]:
    """Names of the settings that are files on this machine."""
    return frozenset(
        name for name, field in section.model_fields.items() if "Path" in str(field.annotation)
    )

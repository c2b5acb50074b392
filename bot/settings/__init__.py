"""All settings of Pailot as one frozen object, from `pailot.toml` and the environment."""

from bot.settings.loading import NEEDED_BY_RUN, SettingsError, load
from bot.settings.sections import (
    Database,
    Harbor,
    Jobs,
    OpenPai,
    Privacy,
    Registry,
    Secrets,
    Settings,
    Site,
    Storage,
    Telegram,
    Web,
)

__all__ = [
    "NEEDED_BY_RUN",
    "Database",
    "Harbor",
    "Jobs",
    "OpenPai",
    "Privacy",
    "Registry",
    "Secrets",
    "Settings",
    "SettingsError",
    "Site",
    "Storage",
    "Telegram",
    "Web",
    "load",
]

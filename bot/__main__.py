"""The command line: demo, run, init, migrate, rotate-keys, healthcheck."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__

if TYPE_CHECKING:
    from bot.demo.lab import Lab


def main(words: Sequence[str] | None = None) -> int:
    """Exit codes: 0 fine, 1 something failed, 2 it can't be done like that (one line each on stderr)."""
    args = parser().parse_args(words)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="pailot", description="The harbour pilot of a GPU lab.")
    root.add_argument("--version", action="version", version=f"pailot {__version__}")
    commands = root.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="a whole lab on one chat page, without any account")
    demo.add_argument("--port", type=port, default=8080, help="of the chat page (8080)")
    demo.add_argument("--data", type=Path, default=Path(".pailot-demo"), help="kept between starts")
    demo.add_argument("--host", default="127.0.0.1", help="0.0.0.0 inside a container only")
    demo.set_defaults(run=demo_command)

    for name, run, help_ in (
        ("run", run_command, "serve the lab, with pailot.toml and the environment as settings"),
        ("migrate", migrate_command, "bring the database to this version (run does it too)"),
        ("rotate-keys", rotate_command, "encrypt everything again with the first of secrets.keys"),
        ("healthcheck", healthcheck_command, "exit 0 if the Pailot of these settings is healthy"),
    ):
        command = commands.add_parser(name, help=help_)
        command.add_argument(
            "--config", type=Path, help="pailot.toml (else PAILOT_CONFIG, ./pailot.toml)"
        )
        command.set_defaults(run=run)
    init = commands.add_parser("init", help="print a fresh key for secrets.keys")
    init.add_argument("--key", action="store_true", required=True, help="print a fresh key")
    init.set_defaults(run=init_command)
    return root


def port(word: str) -> int:
    number = int(word)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{word} is no port: 0 to 65535")
    return number


def say(*lines: str) -> int:
    """What is wrong, on stderr; the exit code for it."""
    for line in lines:
        print(f"pailot: {line}", file=sys.stderr)
    return 2


def run_command(args: argparse.Namespace) -> int:
    # Until `until_told` listens: nothing is begun yet, so there is nothing to tidy, and an exception in the midst of
    # an import would leave its file open. The first process of a container would not hear the signal at all.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from bot import app, logs
    from bot.redaction import Redactor
    from bot.settings import NEEDED_BY_RUN, SettingsError, load
    from bot.web.server import CannotListen
    from db import DatabaseRefused

    try:
        settings = load(args.config, needed=NEEDED_BY_RUN)
    except SettingsError as error:
        return say(*error.problems)
    redact = Redactor(settings.secret_texts())
    logs.set_up(redact, form="auto")
    if not migrated_apart(settings.database.url.get_secret_value(), redact):
        return 2
    try:
        asyncio.run(until_told(lambda stop: app.run(settings, stop, redact=redact)))
    except DatabaseRefused as error:
        return say(f"the database can't be used: {redact(str(error))}")
    except CannotListen as error:
        return say(str(error))
    return 0


def migrated_apart(url: str, redact: Callable[[str], str]) -> bool:
    """In a process of its own, whose end gives back the memory that Alembic takes; False: refused, and said why.

    Whatever else becomes of that process, `app.run` brings the database to this version, or finds it there.
    """
    from db import Database, DatabaseRefused

    if not hasattr(os, "fork"):
        return True
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 2
    code = 1
    try:
        asyncio.run(Database(url).migrate())
        code = 0
    except DatabaseRefused as error:
        code = say(f"the database can't be used: {redact(str(error))}")
    finally:
        sys.stderr.flush()
        os._exit(code)


def migrate_command(args: argparse.Namespace) -> int:
    from bot.settings import SettingsError, load
    from db import Database, DatabaseRefused

    try:
        settings = load(args.config)
        asyncio.run(Database(settings.database.url.get_secret_value()).migrate())
    except SettingsError as error:
        return say(*error.problems)
    except DatabaseRefused as error:
        return say(f"the database can't be used: {error}")
    print("the database is up to date")
    return 0


def rotate_command(args: argparse.Namespace) -> int:
    from bot.settings import SettingsError, load
    from db import Database, DatabaseRefused, Unreadable, rotate

    async def rotate_all(url: str, keys: list[str]) -> int:
        database = Database(url, keys)
        await database.migrate()
        await database.open()
        try:
            return await rotate(database)
        finally:
            await database.close()

    try:
        settings = load(args.config, needed=("secrets.keys",))
        keys = [key.get_secret_value() for key in settings.secrets.keys]
        count = asyncio.run(rotate_all(settings.database.url.get_secret_value(), keys))
    except SettingsError as error:
        return say(*error.problems)
    except (DatabaseRefused, Unreadable) as error:
        return say(str(error))
    print(f"{count} values are encrypted with the first key now; older keys may be taken out")
    return 0


def healthcheck_command(args: argparse.Namespace) -> int:
    from bot.settings import SettingsError, load
    from bot.web.health import ask

    try:
        settings = load(args.config)
    except SettingsError as error:
        return say(*error.problems)
    why = ask(str(settings.web.host), settings.web.port)
    if why is not None:
        print(f"pailot: {why}", file=sys.stderr)
        return 1
    return 0


def init_command(_args: argparse.Namespace) -> int:
    from cryptography.fernet import Fernet

    print(Fernet.generate_key().decode())
    return 0


def demo_command(args: argparse.Namespace) -> int:
    from bot import logs
    from bot.demo.lab import Lab, LabError

    logs.set_up(str, form="console", level=logging.WARNING)
    try:
        asyncio.run(
            until_told(lambda stop: live_in(Lab(args.data, args.port, host=args.host), stop))
        )
    except LabError as error:
        return say(str(error))
    return 0


async def live_in(lab: "Lab", stop: asyncio.Event) -> None:
    """The lab, and the bot in it; when a reset is asked for, both begin anew."""
    from bot import app
    from bot.settings import load

    await lab.start()
    try:
        print(f"Pailot's demo lab: {lab.chat_url}   (Ctrl-C ends it)", flush=True)
        while not stop.is_set():
            settings = load(environ=lab.settings_environ(), cwd=Path(os.devnull).parent)
            async with app.running(settings) as pailot:
                print(f"Pailot's own web:  http://127.0.0.1:{pailot.web_port}/healthz", flush=True)
                async with asyncio.TaskGroup() as group:
                    reset = group.create_task(lab.reset_asked())
                    end = group.create_task(stop.wait())
                    await asyncio.wait({reset, end}, return_when=asyncio.FIRST_COMPLETED)
                    again = reset.done()
                    reset.cancel()
                    end.cancel()
            if again:
                await lab.reset()
    finally:
        await lab.stop()


async def until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work` until SIGTERM or SIGINT asks it to end; a second signal ends it at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        stop.set()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(sign)

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ask)
    await work(stop)


if __name__ == "__main__":
    sys.exit(main())

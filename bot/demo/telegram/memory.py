"""Keeps the state of the emulator in a file, so that a restarted demo goes on where it was."""

import asyncio
from pathlib import Path

import msgspec

from bot.demo.telegram.state import State, User

DELAY_SECONDS = 1.0
# After a kill the last second may be unwritten: ids are never given twice, so they jump.
JUMP = 1_000


class Memory:
    """Writes the state a second after it changed, whole and atomically; without a path, nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._state: State | None = None
        self._timer: asyncio.TimerHandle | None = None

    def load(self, bot: User) -> State | None:
        if self._path is None or not self._path.exists():
            return None
        try:
            state = msgspec.json.decode(self._path.read_bytes(), type=State)
        except msgspec.DecodeError:
            # Of another version, or damaged: kept aside, since it can't be read.
            self._path.replace(self._path.with_suffix(".unreadable"))
            return None
        if state.bot.id != bot.id:
            return None
        state.bot = bot
        state.next_update_id += JUMP
        state.last_message_id += JUMP
        state.last_file += JUMP
        state.last_callback += JUMP
        for chat in state.chats.values():
            chat.last_message_id += JUMP
        return state

    def start(self, state: State) -> None:
        self._state = state
        self.changed()

    def changed(self) -> None:
        if self._path is None or self._state is None or self._timer is not None:
            return
        self._timer = asyncio.get_running_loop().call_later(DELAY_SECONDS, self._write)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._write()
        self._state = None

    def _write(self) -> None:
        self._timer = None
        if self._path is None or self._state is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_bytes(msgspec.json.encode(self._state))
        draft.replace(self._path)

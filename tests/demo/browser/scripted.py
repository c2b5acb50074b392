"""A small bot with a script, speaking Bot API over a socket: something for the page to show."""

import asyncio
import json
import struct
import zlib
from typing import Any

from aiohttp import ClientError, ClientSession, FormData

COMMANDS = {
    "": [
        ("start", "What Pailot does"),
        ("jobs", "My jobs"),
        ("job", "One job"),
        ("gpu", "Free GPUs"),
        ("run", "Submit a job"),
    ],
    "zh": [
        ("start", "Pailot 能做什么"),
        ("jobs", "我的任务"),
        ("job", "一个任务"),
        ("gpu", "空卡"),
        ("run", "提交任务"),
    ],
}
LOG = "\n".join(f"Epoch {n}/10: 100%|██████████| 390/390 loss={2 / n:.4f}" for n in range(1, 11))
SHOW = (
    "<b>unet-4f2 failed</b>\nGPU memory ran out. <i>italic</i> <u>under</u> <s>gone</s> "
    "<code>pip list</code> <tg-spoiler>the secret</tg-spoiler> "
    '<a href="https://pai.example.edu/job">portal</a>\n'
    f"<blockquote expandable>{LOG}\nRuntimeError: CUDA out of memory</blockquote>\n"
    '<pre><code class="language-python">for x in range(3):\n    print(x)</code></pre>\n'
    "<blockquote>a short quote</blockquote>"
)


class ScriptedBot:
    """Answers what `SCRIPT` below says, until closed; `errors` collects refused calls."""

    def __init__(self, session: ClientSession, url: str, token: str) -> None:
        self._session = session
        self._root = f"{url}/bot{token}"
        self.errors: list[str] = []
        self.pressed: list[tuple[int, str]] = []

    async def call(self, method: str, **given: Any) -> Any:
        form = FormData(quote_fields=False)
        for name, value in given.items():
            if isinstance(value, tuple):
                form.add_field(name, value[1], filename=value[0])
            elif value is not None:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        async with self._session.post(f"{self._root}/{method}", data=form) as response:
            body = await response.json()
        if not body["ok"]:
            self.errors.append(f"{method}: {body['description']}")
        return body.get("result")

    async def run(self) -> None:
        for language, commands in COMMANDS.items():
            listed = [{"command": name, "description": words} for name, words in commands]
            await self.call("setMyCommands", commands=listed, language_code=language or None)
        offset = 0
        while True:
            try:
                updates = await self.call("getUpdates", offset=offset, timeout=20) or []
            except ClientError:
                await asyncio.sleep(0.1)
                continue
            for update in updates:
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self._press(update["callback_query"])
                elif "message" in update:
                    await self._hear(update["message"])

    async def _hear(self, message: dict[str, Any]) -> None:
        chat = message["chat"]["id"]
        where: dict[str, Any] = {
            "chat_id": chat,
            "message_thread_id": message.get("message_thread_id"),
        }
        text = message.get("text") or message.get("caption") or ""
        command = text.split("@")[0].split(" ")[0]
        match command:
            case "/start":
                keys = [
                    [key("Show me", "show", "success")],
                    [key("Toast", "toast"), key("Alert", "alert", "danger")],
                    [
                        {"text": "Portal", "url": "https://pai.example.edu/job"},
                        {"text": "Copy name", "copy_text": {"text": "unet-4f2"}},
                    ],
                    [{"text": "Deep link", "url": "https://t.me/pailot_bot?start=free4"}],
                ]
                words = f"Welcome aboard. {text.partition(' ')[2]}".strip()
                await self.call(
                    "sendMessage", **where, text=words, reply_markup={"inline_keyboard": keys}
                )
            case "/show":
                await self.call(
                    "sendMessage",
                    **where,
                    text=SHOW,
                    parse_mode="HTML",
                    reply_parameters={"message_id": message["message_id"]},
                )
            case "/file":
                await self.call(
                    "sendDocument",
                    **where,
                    document=("train-unet-4f2.log", LOG.encode()),
                    caption="the whole log",
                    disable_notification=True,
                )
            case "/photo":
                await self.call(
                    "sendPhoto", **where, photo=("gpu.png", png(640, 360)), caption="GPU memory"
                )
            case "/edit":
                sent = await self.call("sendMessage", **where, text="before")
                await self.call(
                    "editMessageText",
                    chat_id=chat,
                    message_id=sent["message_id"],
                    text="after the edit",
                )
            case "/vanish":
                sent = await self.call("sendMessage", **where, text="soon gone")
                await asyncio.sleep(0.3)
                await self.call("deleteMessage", chat_id=chat, message_id=sent["message_id"])
            case "/type":
                await self.call("sendChatAction", **where, action="typing")
            case "/quiet":
                pass
            case _:
                await self.call(
                    "setMessageReaction",
                    chat_id=chat,
                    message_id=message["message_id"],
                    reaction=[{"type": "emoji", "emoji": "👀"}],
                )
                file = message.get("document") or (message.get("photo") or [None])[-1]
                said = f"file of {file['file_size']} bytes" if file else f"echo: {text}"
                await self.call("sendMessage", **where, text=said)

    async def _press(self, query: dict[str, Any]) -> None:
        data = query["data"]
        self.pressed.append((query["from"]["id"], data))
        answer: dict[str, Any] = {}
        if data == "toast":
            answer = {"text": "Just a toast"}
        elif data == "alert":
            answer = {"text": "This button is Amara's", "show_alert": True}
        elif data == "show":
            await self.call(
                "editMessageText",
                chat_id=query["message"]["chat"]["id"],
                message_id=query["message"]["message_id"],
                text="Shown.",
                reply_markup={"inline_keyboard": [[key("Toast", "toast")]]},
            )
        await self.call("answerCallbackQuery", callback_query_id=query["id"], **answer)


def key(text: str, data: str, style: str = "") -> dict[str, str]:
    return {"text": text, "callback_data": data, **({"style": style} if style else {})}


def png(width: int, height: int) -> bytes:
    """A plain gradient; drawn here so that the page's tests need no picture library."""
    rows = (
        b"\x00" + b"".join(bytes((x * 255 // width, y * 255 // height, 160)) for x in range(width))
        for y in range(height)
    )
    lines = b"".join(rows)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )

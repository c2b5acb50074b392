"""The same answer from aiogram 3 with its defaults: nothing is kept, nothing is durable."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message(Command("help"))
async def answer(message: Message) -> None:
    await message.answer("<b>free and used GPUs</b>\nUsage: <code>/gpu</code>", parse_mode="HTML")


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1]))
    bot = Bot("7000001:bench-token-bench-token-bench-token", session=session)
    await dispatcher.start_polling(bot, handle_signals=False)


asyncio.run(main())

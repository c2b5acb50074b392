"""The same answer from python-telegram-bot as it comes (httpx, 16 updates at once): nothing is durable."""

import sys

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    words = "<b>free and used GPUs</b>\nUsage: <code>/gpu</code>"
    await update.effective_message.reply_text(words, parse_mode="HTML")


application = (
    Application.builder()
    .token("7000001:bench-token-bench-token-bench-token")
    .base_url(f"{sys.argv[1]}/bot")
    .concurrent_updates(16)
    .build()
)
application.add_handler(CommandHandler("help", answer))
application.run_polling(stop_signals=None)

"""What passes between Telegram and the bot: updates, webhook deliveries, limits and faults."""

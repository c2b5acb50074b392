"""The exchange with Telegram itself: updates are taken in, and what is owed goes out."""

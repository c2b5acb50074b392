"""The web server: health, metrics, and what Telegram posts."""

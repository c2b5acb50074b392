"""The people of the emulated Telegram: what they do, what they hear, and how tests drive them."""

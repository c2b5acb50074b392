"""The Telegram emulator is held to what the contract says of the real one."""

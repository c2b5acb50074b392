"""The chat page's side of the emulator: what people see and do in the browser."""

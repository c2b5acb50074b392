"""The adapter of Harbor: its own API, beside that of the registry in it."""

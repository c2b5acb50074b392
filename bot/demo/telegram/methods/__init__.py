"""The Bot API methods the emulator answers, one file per subject."""

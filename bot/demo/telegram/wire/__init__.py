"""Parameters, markup and bodies of the Bot API as they stand on the wire; no state, no network."""

"""The parts of one Pailot, put together system by system as the settings say."""

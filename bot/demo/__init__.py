"""The demo: a whole lab in one process, with emulators of what surrounds Pailot."""

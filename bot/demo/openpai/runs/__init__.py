"""How an emulated job behaves in its container: run time, log, exit."""

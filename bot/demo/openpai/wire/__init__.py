"""The emulated cluster's HTTP face: rest-server, pylon and log server."""

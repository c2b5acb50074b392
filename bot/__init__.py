"""Pailot: the harbour pilot of a GPU lab."""

__version__ = "0.1.0"

"""Answers of a Docker Registry v2 as values; nothing here touches the network."""

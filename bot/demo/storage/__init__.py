"""The lab's storage server: SFTP only, shut into its own part of the disk, with what colleagues have in it."""

from bot.demo.storage.server import StorageEmulator

__all__ = ["StorageEmulator"]

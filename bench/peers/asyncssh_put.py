"""A file to an SFTP server the plain way: asyncssh as it comes. Arguments: host port user key source target."""

import asyncio
import sys

import asyncssh


async def main(host: str, port: str, user: str, key: str, source: str, target: str) -> None:
    async with (
        asyncssh.connect(
            host, int(port), username=user, client_keys=[key], known_hosts=None
        ) as connection,
        connection.start_sftp_client() as sftp,
        sftp.open(target, "wb") as file,
    ):
        with open(source, "rb") as data:
            while chunk := data.read(1 << 16):
                await file.write(chunk)


asyncio.run(main(*sys.argv[1:]))

"""A file to an SFTP server by paramiko. Arguments: host port user key source target."""

import sys

import paramiko


def main(host: str, port: str, user: str, key: str, source: str, target: str) -> None:
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host, int(port), username=user, key_filename=key, allow_agent=False)
    client.open_sftp().put(source, target, confirm=False)
    client.close()


main(*sys.argv[1:])

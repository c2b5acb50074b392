"""Whose certificates are believed: the system's, and those of a file of the settings besides."""

import ssl


def trusting(ca_file: str | None) -> ssl.SSLContext | bool:
    """What aiohttp takes. The file comes on top: a lab's registry may send us on to a public store of blobs."""
    if not ca_file:
        return True
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=ca_file)
    return context

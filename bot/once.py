"""Requests that change something go out once: aiohttp would send a DELETE or PUT again by itself.

It does when a connection that was kept breaks, whether the first had arrived or not, so that whoever deletes a tag
could delete what somebody pushed meanwhile. Given to a request as its `middlewares`.
"""

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse


class Lost(aiohttp.ClientError):
    """The connection broke before an answer came: nobody knows whether the request was heard."""


async def once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:  # it never left
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as cause:
        raise Lost from cause

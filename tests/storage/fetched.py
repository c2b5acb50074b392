"""What the tests of fetching share: orders, and waiting for their end."""

from ipaddress import ip_address

from bot.domain.files.transfers.fetching import Order
from tests import polling

HERE = ip_address("127.0.0.1")
NAME = "data.example.edu"


def order(source, address=HERE, **more):
    limits = {"limit_bytes": 1 << 30, "reserve_bytes": 0, "seconds": 60} | more
    return Order(source, address, **limits)


async def end_of(fetcher, id_, within=20):
    async def ended():
        state = await fetcher.state("ann", id_)
        return state if not state.alive else None

    return await polling.until(ended, within)

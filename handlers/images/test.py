"""The test of an image, from its card and as the first job of somebody new."""

from typing import Any

from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.people import Place
from bot.domain.text import text
from handlers import submit
from handlers.images.card import Target
from handlers.start import run_button

router = Router()


@router.button("image.test", takes=Target, place=Place.PRIVATE)
async def test(ask: Ask[Target]) -> Reply:
    """Shown first, like any job."""
    return (await preview(ask, ask.args.image)).with_(new=True)


@router.button("job.first", place=Place.PRIVATE)
async def first(ask: Ask[Any]) -> Reply:
    """On the image that is known best here; where none is, one has to be chosen."""
    image = await ask.services.images.trying.first_image()
    if not image:
        listed = ask.services.site.images
        rows = ((run_button("/images", "button-all-images"),),) if listed else ()
        return Reply((text("trial-no-image", listed="yes" if listed else "no"),), rows, new=True)
    reply = await preview(ask, image)
    return reply.with_(lines=(text("trial-first"), *reply.lines), new=True)


async def preview(ask: Ask[Any], image: str) -> Reply:
    line = ask.services.images.trying.line(image)
    return submit.show(await ask.services.submitting.preview(ask.person, line, ask.key))

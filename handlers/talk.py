"""Words in private that are no command: what was pasted, and what to say to anything else."""

from bot.chat.plainwords import Plain, recognise
from bot.chat.reply import Reply
from bot.chat.router import AGAIN, Ask, Router
from bot.domain.errors import UserError
from bot.domain.messages import Button
from bot.domain.text import text
from bot.services.images.references import parse_reference
from handlers import choosing, submit
from handlers.start import next_steps

router = Router()

LINE_SHOWN = 400


@router.otherwise()
async def otherwise(ask: Ask[str]) -> Reply:
    """Strangers are led to the login whatever they say; members' pasted text is taken for what it is."""
    words = ask.args.strip()
    if not ask.person.openpai_user:
        return Reply((text("not-understood"),), next_steps(ask))
    match recognise(words):
        case Plain.PROTOCOL:
            return await submit.preview_of(ask, words.encode())
        case Plain.COMMAND:
            run = Button(text("button-run-this"), AGAIN, {"line": f"/run -- {words}"})
            return Reply((text("pasted-command", command=words[:LINE_SHOWN]),), ((run,),))
        case Plain.TRACEBACK:
            return await choosing.latest(ask, "log.show", "pasted-traceback")
        case Plain.IMAGE:
            return pasted_image(words)
    return Reply((text("not-understood"),), next_steps(ask))


def pasted_image(words: str) -> Reply:
    """What runs on it is still to be said; what it is can be looked at."""
    try:
        image = str(parse_reference(words))
    except UserError as error:
        return Reply.of(error.text)
    show = Button(text("button-image-card"), "image.open", {"image": image})
    return Reply((text("pasted-image", image=image),), ((show,),))

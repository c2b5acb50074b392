"""A command's arguments: words into a frozen dataclass, by the types of its fields.

    @dataclass(frozen=True, slots=True)
    class LogsArgs:
        job: str = arg(default="", help="logs-arg-job")
        stream: Stream = Stream.ALL
        n: int = arg(default=50, least=1, most=500)
        follow: bool = False

`/logs train stderr n=100 follow` fills it. A word that *is* a flag's name or a choice goes there; any other
goes to the first field, in order, that can take it; `key=value` names its field. A `Rest` field is the
text to the end, byte for byte.
"""

from bot.chat.arguments.fields import arg
from bot.chat.arguments.kinds import Rest, Size
from bot.chat.arguments.parsing import parse
from bot.chat.arguments.payload import dump, load
from bot.chat.arguments.usage import usage

__all__ = ["Rest", "Size", "arg", "dump", "load", "parse", "usage"]

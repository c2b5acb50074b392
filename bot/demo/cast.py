"""Who lives in the demo's lab: made-up people, their accounts, and what they say in the group."""

from dataclasses import dataclass
from typing import Literal

from bot.demo.words import Language

Part = Literal["student", "second", "admin", ""]


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody of the lab; one with a `part` can be played on the page."""

    name: str
    username: str
    account: str
    password: str
    part: Part = ""
    vcs: tuple[str, ...] = ()

    @property
    def is_admin(self) -> bool:
        return self.part == "admin"


STUDENT = Role("林晓", "linxiao", "linxiao", "linxiao-demo", "student", ("default",))
SECOND = Role("Amara Diallo", "amara", "amara", "amara-demo", "second", ("default", "research"))
ADMIN = Role("Ruth Keller", "ruth", "ruth", "ruth-demo", "admin")
OTHERS = (
    Role("王磊", "wanglei", "wanglei", "wanglei-demo", vcs=("default", "research")),
    Role("Jonas Berg", "jonas", "jonas", "jonas-demo", vcs=("default", "research")),
    Role("陈思雨", "siyu", "siyu", "siyu-demo", vcs=("default", "research")),
)
EVERYBODY = (STUDENT, SECOND, ADMIN, *OTHERS)

GROUP_TITLE = "Vision Lab · GPU"
TOPIC = "jobs"
BOT_NAME = "Pailot"
BOT_USERNAME = "pailot_bot"

# What was said in the group before the visitor came: who, topic or not, words.
TALK: dict[Language, tuple[tuple[Role, bool, str], ...]] = {
    "en": (
        (ADMIN, False, "Welcome to the lab's group. Pailot is with us from today."),
        (OTHERS[0], False, "Is that the one that tells me when my job dies at night?"),
        (ADMIN, False, "That one. It only speaks where an admin allowed it, so:"),
        (ADMIN, False, f"/allow@{BOT_USERNAME}"),
        (ADMIN, False, f"/lang@{BOT_USERNAME} en"),
        (SECOND, True, "Does anybody know when four V100 are free again?"),
    ),
    "zh": (
        (ADMIN, False, "欢迎来到实验室群。从今天起 Pailot 也在群里。"),
        (OTHERS[0], False, "就是那个半夜任务挂了会通知我的？"),
        (ADMIN, False, "就是它。管理员允许了它才会在群里说话，所以："),
        (ADMIN, False, f"/allow@{BOT_USERNAME}"),
        (ADMIN, False, f"/lang@{BOT_USERNAME} zh"),
        (SECOND, True, "有人知道什么时候能空出四张 V100 吗？"),
    ),
}

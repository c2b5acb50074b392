"""The tour: what a visitor should see, in order. A new step is one more entry in `STEPS`."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bot.demo import performing
from bot.demo.cast import STUDENT
from bot.demo.scene import FAILED, SUCCEEDED, Scene
from bot.demo.words import Words

Who = Literal["student", "second", "admin"]
Where = Literal["private", "group"]


@dataclass(frozen=True, slots=True)
class Step:
    """`done` asks what really happened; `perform` does it for the visitor, as the person."""

    id: str
    title: Words
    text: Words
    done: Callable[[Scene], bool]
    perform: Callable[[Scene], Awaitable[None]]
    hint: str = ""
    who: Who = "student"
    where: Where = "private"


STEPS: tuple[Step, ...] = (
    Step(
        id="link",
        title={"en": "Link an account", "zh": "关联账号"},
        text={
            "en": "You are a student. Send /login and answer the questions. Pailot keeps a token, "
            f"never the password.\nUser {STUDENT.account}, password {STUDENT.password}",
            "zh": "你是一名学生。发 /login 并回答问题。Pailot 只保存令牌，从不保存密码。\n"
            f"用户名 {STUDENT.account}，密码 {STUDENT.password}",
        },
        hint="/login",
        done=lambda scene: scene.linked(STUDENT),
        perform=performing.link,
    ),
    Step(
        id="files",
        title={"en": "See your files", "zh": "看自己的文件"},
        text={
            "en": "Data lives on the storage server. Send /ls: the first time Pailot proposes a name for "
            "your folder; take it. Every file is shown by the path a job finds it at. To bring your "
            "own, send a file into the chat, or open the page of /upload.",
            "zh": "数据放在存储服务器上。发 /ls：第一次 Pailot 会给你的目录起个名字，点它就行。"
            "每个文件都按任务里的路径显示。要放自己的文件，就发到聊天里，或者用 /upload 打开上传页面。",
        },
        hint="/ls",
        done=Scene.files_shown,
        perform=performing.files,
    ),
    Step(
        id="run",
        title={"en": "Submit a job", "zh": "提交任务"},
        text={
            "en": "One line is enough. Pailot shows what will run and checks it first; "
            "press Submit when you like it.",
            "zh": "一行就够。Pailot 先给出预览并检查，满意了再点“提交”。",
        },
        hint=performing.RUN_LINE,
        done=lambda scene: bool(scene.jobs()),
        perform=performing.run,
    ),
    Step(
        id="card",
        title={"en": "Watch its card", "zh": "看任务卡片"},
        text={
            "en": "The card of a job follows it: waiting, running, over. Its times are the cluster's, "
            "whose clock runs faster here than yours. "
            "Press the button under the answer, or send /job with its name.",
            "zh": "任务卡片会自己更新：排队、运行、结束。上面的时间是集群的，它的时钟在这里走得更快。"
            "点回复下面的按钮，或发 /job 加任务名。",
        },
        hint="/job",
        done=Scene.card_moves,
        perform=performing.card,
    ),
    Step(
        id="log",
        title={"en": "Read the log", "zh": "看日志"},
        text={
            "en": "The last lines of the training, in the chat. No portal, no waiting.",
            "zh": "训练的最后几行直接在聊天里看，不用打开网页。",
        },
        hint="/logs",
        done=lambda scene: scene.log_shown(),
        perform=performing.log,
    ),
    Step(
        id="success",
        title={"en": "Hear that it succeeded", "zh": "收到成功通知"},
        text={
            "en": "Nothing to do: Pailot writes by itself when the job is over. "
            "“Do it for me” lets time run faster.",
            "zh": "什么都不用做：任务结束时 Pailot 会主动通知。“替我做”会让时间走快一点。",
        },
        done=lambda scene: scene.told_of_end(scene.succeeded(), SUCCEEDED),
        perform=performing.success,
    ),
    Step(
        id="fail",
        title={"en": "Let one fail", "zh": "让一个任务失败"},
        text={
            "en": "This script asks for more GPU memory than there is. Submit it all the same.",
            "zh": "这个脚本要的显存超过了显卡的容量。照样提交它。",
        },
        hint=performing.FAILING_LINE,
        done=lambda scene: bool(scene.failed()) or performing.will_fail(scene),
        perform=performing.fail,
    ),
    Step(
        id="alert",
        title={"en": "Hear why it failed", "zh": "知道为什么失败"},
        text={
            "en": "The alert names the cause and shows the log lines that prove it.",
            "zh": "通知会说出原因，并附上能证明它的日志。",
        },
        done=lambda scene: scene.told_of_end(scene.failed(), FAILED),
        perform=performing.alert,
    ),
    Step(
        id="image",
        title={"en": "Try an image", "zh": "试一个镜像"},
        text={
            "en": "The card of an image says what is inside. Press Test on it, then Submit: a job of a "
            "few seconds looks whether GPU, Python and PyTorch really work on it.",
            "zh": "镜像的卡片写着里面有什么。点上面的“测试”，再点“提交”：一个几秒钟的任务会看看 "
            "GPU、Python、PyTorch 在它上面是不是真的能用。",
        },
        hint=performing.IMAGE_LINE,
        done=Scene.test_told,
        perform=performing.image,
    ),
    Step(
        id="group",
        title={"en": "Ask in the group", "zh": "在群里问"},
        text={
            "en": "Everybody in the lab's group may ask what is free. "
            "Answers there are silent, and never show logs.",
            "zh": "群里人人都能问有没有空卡。群里的回答不响铃，也从不显示日志。",
        },
        hint=performing.VIEW,
        where="group",
        done=lambda scene: bool(scene.group_answers()),
        perform=performing.group,
    ),
    Step(
        id="refused",
        title={"en": "Press somebody else's button", "zh": "按别人的按钮"},
        text={
            "en": "Mistype a command in the group: Pailot offers the right ones as buttons. Then "
            "become Amara and press one. Buttons know their owner: it politely does nothing.",
            "zh": "在群里故意打错一个命令，Pailot 会用按钮给出正确的。再切换成 Amara 去按。"
            "按钮认主人，别人按了不起作用。",
        },
        hint=performing.TYPO,
        where="group",
        done=lambda scene: scene.refused_presses() > 0,
        perform=performing.refused,
    ),
    Step(
        id="quiet",
        title={"en": "Sleep well", "zh": "睡个好觉"},
        text={
            "en": "Set quiet hours. A failure still comes, without sound; the rest waits "
            "for the morning.",
            "zh": "设置免打扰。失败照样通知，但不响铃；其余的早上一起说。",
        },
        hint="/alerts",
        done=lambda scene: scene.quiet_hours_set(),
        perform=performing.quiet,
    ),
)


class Tour:
    """How far the visitor is. A step stays done: what happened once, happened."""

    def __init__(self, scene: Scene, done: Iterable[str] = ()) -> None:
        self._scene = scene
        self.done = {step.id for step in STEPS if step.id in set(done)}

    def look(self) -> bool:
        """Looks again; True when a step was done that was not before."""
        new = {step.id for step in STEPS if step.id not in self.done and step.done(self._scene)}
        self.done |= new
        return bool(new)

    async def perform(self, step_id: str) -> None:
        """KeyError for an unknown step, `Stuck` when the bot did not answer."""
        step = {step.id: step for step in STEPS}[step_id]
        await step.perform(self._scene)

    def view(self) -> list[dict[str, Any]]:
        """The steps as the page shows them."""
        return [self._step(step) for step in STEPS]

    def _step(self, step: Step) -> dict[str, Any]:
        scene = self._scene
        person = {"student": scene.student, "second": scene.second, "admin": scene.admin}[step.who]
        return {
            "id": step.id,
            "title": step.title,
            "text": step.text,
            "hint": step.hint,
            "person": person.id,
            "chat": scene.group.id if step.where == "group" else person.id,
            "topic": scene.topic if step.where == "group" else None,
            "done": step.id in self.done,
        }

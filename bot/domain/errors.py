"""The two kinds of failure: what a person can be told, and everything else."""

from bot.domain.text import Argument, Text


class UserError(Exception):
    """Its text *is* the answer. Anything that is not a UserError is ours to mend, and is logged."""

    def __init__(self, key: str, /, **args: Argument | Text) -> None:
        super().__init__(key)
        self.text = Text(key, args)


class Unavailable(UserError):
    """A system did not answer, or answered nonsense: passing, never the person's fault."""

    def __init__(self, system: str, detail: str = "", *, answered: bool = False) -> None:
        super().__init__("error-unavailable", system=system, detail=detail)
        self.system = system
        self.detail = detail
        self.answered = answered
        """It spoke itself, in its own form, of an error of its own: trying again may change nothing."""


class Busy(UserError):
    """A system asked us to slow down; `retry_seconds` says until when."""

    def __init__(self, system: str, retry_seconds: float) -> None:
        super().__init__("error-busy", system=system, seconds=max(1, round(retry_seconds)))
        self.system = system
        self.retry_seconds = retry_seconds


class LoginNeeded(UserError):
    """The person has no usable account on that system yet."""

    def __init__(self, system: str) -> None:
        super().__init__("error-login-needed", system=system)
        self.system = system


class TokenRefused(UserError):
    """The stored token was refused. OpenPAI says this of any Kubernetes hiccup too, so the token stays."""

    def __init__(self, system: str) -> None:
        super().__init__("error-token-refused", system=system)
        self.system = system


class WrongLogin(UserError):
    """User name or password are not right."""

    def __init__(self, system: str) -> None:
        super().__init__("error-wrong-login", system=system)


class Denied(UserError):
    """The system knows who asks, and says no."""

    def __init__(self, system: str, detail: str = "") -> None:
        super().__init__("error-denied", system=system, detail=detail)
        self.detail = detail


class NotFound(UserError):
    """`what` is a word of the catalogue (`job`, `log`, `user`), `name` what was looked for."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__("error-not-found", what=what, name=name)
        self.what = what
        self.name = name


class Taken(UserError):
    """The name is used up: OpenPAI never lets a job's name be used twice."""

    def __init__(self, name: str) -> None:
        super().__init__("error-name-taken", name=name)
        self.name = name


class Refused(UserError):
    """The system looked at what was asked and refuses it; `detail` is its own sentence."""

    def __init__(self, system: str, detail: str) -> None:
        super().__init__("error-refused", system=system, detail=detail)
        self.detail = detail

"""What the emulator answers when it refuses a call."""

from collections.abc import Mapping

PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class ApiError(Exception):
    """A refusal in Telegram's words: HTTP status, description, and `parameters` if any."""

    def __init__(
        self, status: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str) -> ApiError:
    return ApiError(400, f"{PREFIXES[400]}: {lowered(reason)}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"{PREFIXES[403]}: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"{PREFIXES[409]}: {reason}")


def flooded(seconds: int) -> ApiError:
    return ApiError(
        429, f"{PREFIXES[429]}: retry after {seconds}", parameters={"retry_after": seconds}
    )


def lowered(reason: str) -> str:
    """The first letter becomes small, except in codes like BUTTON_DATA_INVALID."""
    if len(reason) > 1 and (reason[1] == "_" or reason[1].isupper()):
        return reason
    return reason[:1].lower() + reason[1:]

"""When is a folder or a disk full enough to say so?"""

FINE, NEAR, OVER = 0, 1, 2
SLACK = 0.02
"""So far below a limit it must fall before passing it again is news."""
FULL = 0.99
"""A disk with less left than this is full for all who work on it."""


def level(share: float, near: float, over: float, before: int) -> int:
    """Which limits a share of the room has passed; `before` is the answer of the last look."""
    if share >= over:
        return OVER
    if before == OVER and share >= over - SLACK:
        return OVER
    if share >= near:
        return NEAR
    return NEAR if before >= NEAR and share >= near - SLACK else FINE

"""What central says when it does not do what was asked, and how it reads what was asked."""

from __future__ import annotations

from typing import Final, TypeVar

from access_desk.central.limits import MOST_DEEP, is_too_deep
from access_desk.protocol import messages as wire

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
NOT_IN_FILE: Final = 416
UNAVAILABLE: Final = 503
_M = TypeVar("_M")


class ProblemError(Exception):
    """Something is not done, and why; ``retry_after`` is in how many seconds it may be asked again, 0 when that is not said."""

    def __init__(self, status: int, problem: wire.Problem, retry_after: int = 0) -> None:
        super().__init__(problem.code)
        self.status = status
        self.problem = problem
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[type[ProblemError], tuple[int, wire.Problem, int]]:
        """As it comes from another process."""
        return ProblemError, (self.status, self.problem, self.retry_after)


def no(status: int, code: str, text: str, retry_after: int = 0) -> ProblemError:
    """A problem by its parts."""
    return ProblemError(status, wire.Problem(code, text), retry_after)


def read(body: bytes, wanted: type[_M]) -> _M:
    """A message. Raises ProblemError."""
    if is_too_deep(body):
        raise no(BAD_REQUEST, "malformed", f"A message does not go deeper than {MOST_DEEP} levels.")
    try:
        message = wire.read(body, wanted)
        # Events of a batch are looked at one by one, when they are new.
        repeats = wire.to_bytes(message) != body and wire.repeats_a_name(body)
    except wire.MalformedMessageError as wrong:
        raise no(BAD_REQUEST, "malformed", str(wrong)) from wrong
    if repeats:
        raise no(BAD_REQUEST, "malformed", "A message does not say anything twice under one name.")
    return message


def check_protocol(protocol: int) -> None:
    """Raises ProblemError."""
    if protocol != wire.PROTOCOL:
        raise no(BAD_REQUEST, "protocol", f"Central speaks protocol {wire.PROTOCOL}.")

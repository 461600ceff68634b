"""What is seen of every request from outside the door: enough to count and to log it, nothing of what was said in it."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from access_desk.central.sessions import bearer

# What no route of central matches has this name, so that nobody can fill logs and counts with paths of their own.
ELSEWHERE: Final = "other"
_METHODS: Final = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "PATCH", "DELETE"})
_CODE: Final = "access_desk.code"
_FAULT: Final = "access_desk.fault"
_CUT_OFF: Final = 499
_INTERNAL: Final = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """One request and how it ended.

    ``route`` is the template, never the path. ``code`` is a problem's, blank when there was none. ``desk_id`` is whose
    session it was, blank without one. ``fault`` is what central did not expect. Status 499: nobody waited for the answer.
    """

    method: str
    route: str
    status: int
    seconds: float
    bytes_in: int
    code: str = ""
    desk_id: str = ""
    fault: BaseException | None = None


class Observed:
    """An application whose every answer is told to those who want to hear of it."""

    def __init__(
        self,
        app: ASGIApp,
        desk_of: Callable[[str], str | None],
        seconds: Callable[[], float],
        heard: Sequence[Callable[[Answered], object]],
    ) -> None:
        self._app, self._desk_of, self._seconds, self._heard = app, desk_of, seconds, heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, then tell."""
        if "method" not in scope:
            await self._app(scope, receive, send)
            return
        began, status, bytes_in = self._seconds(), _CUT_OFF, 0

        async def counted() -> Any:
            nonlocal bytes_in
            message = await receive()
            if message["type"] == "http.request":
                bytes_in += len(message.get("body", b""))
            return message

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        noted: MutableMapping[str, Any] = scope  # type: ignore[assignment] # a dict that an extension may write to
        # Asked before: a session may end while it is answered.
        desk_id = self._desk_of(_token(scope)) or ""
        try:
            await self._app(scope, counted, seen)
        except Exception as wrong:
            status, noted[_FAULT] = _INTERNAL, wrong
            raise
        finally:
            method = asked if (asked := str(noted["method"])) in _METHODS else ELSEWHERE
            route = str(noted.get("path_template") or ELSEWHERE)
            took = self._seconds() - began
            answered = Answered(method, route, status, took, bytes_in, noted.get(_CODE, ""), desk_id, noted.get(_FAULT))
            for hear in self._heard:
                hear(answered)


def note_problem(scope: Scope, code: str, fault: BaseException | None = None) -> None:
    """Say why a request is not done, for whoever hears of its answer."""
    noted: MutableMapping[str, Any] = scope  # type: ignore[assignment] # see above
    noted[_CODE], noted[_FAULT] = code, fault


def _token(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return bearer(bytes(value).decode("latin-1"))
    return ""

"""What every route needs of a request: the service that answers, and who asks."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from access_desk.central.desk_service import DeskService
from access_desk.central.sessions import bearer


def service_of(state: State) -> DeskService:
    """The service of an application."""
    service = state["service"]
    assert isinstance(service, DeskService)  # noqa: S101 - application() put it there
    return service


def with_session(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Before anything of the body is read: who has no session cannot make central read any."""
    service_of(connection.app.state).check_session(bearer(connection.headers.get("authorization", "")))

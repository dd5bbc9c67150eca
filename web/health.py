"""Tells whoever runs the server how it is: `GET /healthz` that it serves, `GET /readyz` that it can answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import MscError

Readiness = Callable[[], dict[str, Any]]
"""What the server answers from; raises MscError where it cannot answer."""


class Health:
    """ASGI middleware that answers both paths itself; all else goes to the page.

    `/healthz` is 200 while the process serves. `/readyz` is 200 with what is answered from, or 503 with the reason.
    """

    def __init__(self, app: ASGIApp, readiness: Readiness) -> None:
        self._app = app
        self._readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "") if scope["type"] == "http" else ""
        if path == "/healthz":
            await JSONResponse({"status": "ok"})(scope, receive, send)
        elif path == "/readyz":
            await (await run_in_threadpool(self._ready))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _ready(self) -> JSONResponse:
        try:
            return JSONResponse({"status": "ready", **self._readiness()})
        except MscError as error:
            return JSONResponse({"status": "not ready", "reason": str(error)}, status_code=503)

"""Serves the page: to its own origin only, on the port that was asked for."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import MscError
from web.health import Health, Readiness

_HERE = Path(__file__).parent

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""Nothing is fetched from, or sent to, another origin. Gradio itself needs inline scripts and `Function`."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%230b6160'/%3E"
    "%3Cpath d='M8 23V9l8 9 8-9v14' fill='none' stroke='white' stroke-width='3'/%3E%3C/svg%3E"
)

SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")


class PortTaken(MscError):
    """The address that the page was to be served at is in use, or cannot be used."""


class SafeHeaders:
    """ASGI middleware that adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, its response with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def free_port(host: str, port: int) -> int:
    """The port, once it is sure that it can be served at; for 0 one that is free.

    Raises:
        PortTaken: it is in use, or not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise PortTaken(
            f"the page cannot be served at {host}:{port} ({error.strerror or error}): "
            "stop what runs there, or give another --port."
        ) from error


def serve(page: gr.Blocks, host: str, port: int, readiness: Readiness) -> None:
    """Serve the page until it is interrupted; prints the address once it answers."""
    try:
        page.launch(server_name=host, server_port=port, **launch_options(readiness))
    except OSError as error:
        raise PortTaken(f"the page cannot be served at {host}:{port} ({error}): give another --port.") from error
    print(f"MSC Answers is at http://{'localhost' if host in ('0.0.0.0', '::') else host}:{port}", flush=True)  # noqa: S104
    page.block_thread()


def launch_options(readiness: Readiness) -> dict[str, Any]:
    """How Gradio is to serve: nothing shared, nothing counted, nothing of its own look."""
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    return {
        "share": False,
        "quiet": True,
        "prevent_thread_lock": True,
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "theme": gr.themes.Base(font=SYSTEM_FONTS, font_mono=("ui-monospace", "monospace")),
        "css_paths": _HERE / "page.css",
        "head": f'<link rel="icon" href="{ICON}"><script>{script}</script>',
        "app_kwargs": {"middleware": [Middleware(SafeHeaders), Middleware(Health, readiness=readiness)]},
    }

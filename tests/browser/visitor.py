"""Somebody with the page open in a real Chromium, and the server behind it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

ROOT = Path(__file__).parent.parent.parent
DESKTOP, PHONE = (1280, 800), (375, 720)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """The address of a server that a command starts; its output is in the failure if it does not come up."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as errors:
        command = [sys.executable, *arguments, "--port", str(port)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert process.stdout is not None
        try:
            up = any(f"http://127.0.0.1:{port}" in line for line in process.stdout)
            errors.seek(0)
            assert up, f"{command} did not come up: {errors.read()}"
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(30)


@dataclass
class Visitor:
    """Somebody with the page open; remembers every request and everything that the console said."""

    page: Page
    context: BrowserContext
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    reloaded: bool = False

    def open(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", self._failed)
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type in ("error", "warning") else None
        )
        self.page.goto(self.url)
        self.page.get_by_label("Your question").wait_for()
        self.page.wait_for_timeout(500)  # for the preferences to be restored

    def reload(self) -> None:
        """Load the page again; what the old one was still fetching is broken off, which Gradio's client calls an error."""
        self.reloaded = True
        self.page.reload()

    def _failed(self, error: Error) -> None:
        if not (self.reloaded and error.name == "AbortError"):
            self.complaints.append(str(error))

    @property
    def foreign(self) -> list[str]:
        """Requests to anywhere but the page's own origin."""
        return [url for url in self.requests if not url.startswith((self.url, "data:", "blob:"))]

    @property
    def exchanges(self) -> Locator:
        return self.page.locator(".exchange")

    def start(self, question: str) -> Locator:
        """Send a question; returns the place of its answer without waiting for it."""
        before = self.exchanges.count()
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_role("button", name="Ask", exact=True).click()
        exchange = self.exchanges.nth(before)
        exchange.wait_for()
        return exchange

    def ask(self, question: str) -> Locator:
        """Send a question and wait until its answer is complete."""
        exchange = self.start(question)
        self.settled()
        return exchange

    def settled(self) -> None:
        self.page.locator("#log .status").wait_for(state="detached")
        self.page.locator("#stop").wait_for(state="hidden")
        self.page.locator("#send").wait_for(state="visible")

    def choose_country(self, name: str) -> None:
        with self.kept():
            self.page.get_by_label("Your country").select_option(label=name)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Wait until the browser has kept the preferences that the body changed."""
        read = "localStorage.getItem('msc-answers')"
        before = self.page.evaluate(read)
        yield
        self.page.wait_for_function(f"before => {read} !== before", arg=before)


class Visits:
    """Opens the page for one visitor after another."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self.visitors: list[Visitor] = []

    def visit(self, url: str, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Visitor:
        context = self._chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"],
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        visitor = Visitor(context.new_page(), context, url)
        self.visitors.append(visitor)
        visitor.open()
        return visitor


def words(text: str | None) -> str:
    """A text with its white space put in order."""
    return re.sub(r"\s+", " ", text or "").strip()

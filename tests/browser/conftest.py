"""A real Chromium before a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from visitor import DESKTOP, PHONE, Visitor, Visits, served


@pytest.fixture(scope="session")
def app_url(bundled_index: Path) -> Iterator[str]:
    with served("app.py", "--index", str(bundled_index)) as url:
        yield url


@pytest.fixture(scope="session")
def standin_url() -> Iterator[str]:
    with served("tests/browser/standin_app.py") as url:
        yield url


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module: while Playwright runs it holds the thread's event loop, which other tests need."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).is_file():
        why = f"there is no Chromium at {path}: install it, or set CHROMIUM to where it is"
        assert "MSC_REQUIRE_BROWSER" not in os.environ, why
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visits(chromium: Browser) -> Iterator[Visits]:
    """Visitors whose every request must stay on the page's own origin, and whose console must stay silent."""
    visits = Visits(chromium)
    yield visits
    for visitor in visits.visitors:
        foreign, complaints = visitor.foreign, visitor.complaints
        assert len(visitor.requests) > 10
        visitor.context.close()
        assert foreign == []
        assert complaints == []


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280", "375"])
def visitor(request: pytest.FixtureRequest, visits: Visits, app_url: str) -> Visitor:
    """One visitor of the real page, on a desktop and on a phone."""
    return visits.visit(app_url, request.param)

"""The page on which the text of an offer is checked, in a real browser."""

from __future__ import annotations

from visitor import DESKTOP, PHONE, Visits

OFFER = """Sunrise Cell Clinic, Austin, Texas

One drip of our stem cells treats knee arthritis, autism, multiple sclerosis and lupus, with no side effects.
Our laboratory is FDA registered. Pay $7,500 in full before the treatment.
Ryoncil is approved in the United States for adults. <img src=x onerror=alert(1)>
"""


def test_an_offer_is_checked_and_every_finding_has_its_words_and_source(visits: Visits, app_url: str) -> None:
    for size in (DESKTOP, PHONE):
        page = visits.visit(app_url, size).page
        page.get_by_role("link", name="Check what a clinic offers").click()
        page.get_by_label("The words of the offer").fill(OFFER)
        page.get_by_role("button", name="Check").click()
        page.locator("#found").wait_for()
        flags = page.locator(".part.flags li")
        names = flags.locator("h3").all_inner_texts()
        assert any("FDA registered" in name for name in names)
        assert any("unrelated diseases" in name for name in names)
        for flag in flags.all():
            assert flag.locator(".said").first.inner_text().strip()
            assert flag.locator("a[href^=http]").count()
        assert any("FDA registered" in mark for mark in page.locator(".part.text mark").all_inner_texts())
        assert (
            "No MSC product is known to be approved in the United States" in page.locator(".part.statuses").inner_text()
        )
        assert page.locator(".verdict.contradicted").count() == 1
        assert "<img src=x" in page.locator(".part.text").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.get_by_role("link", name="Ask a question").click()
        page.get_by_label("Your question").wait_for()


def test_a_text_that_cannot_be_checked_is_told_why(visits: Visits, app_url: str) -> None:
    page = visits.visit(app_url, DESKTOP).page
    page.get_by_role("link", name="Check what a clinic offers").click()
    page.get_by_label("The words of the offer").fill("Hi")
    page.get_by_role("button", name="Check").click()
    page.get_by_role("alert").wait_for()
    assert "hardly any words" in page.get_by_role("alert").inner_text()

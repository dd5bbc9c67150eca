"""A person at the real page: every test runs on a desktop and on a phone where it takes `visitor`."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect
from visitor import PHONE, Visitor, Visits, words

from index.serving import open_current

KNEES = "Do stem cell injections help knee arthritis?"
OPEN_SOURCE = "#side details.source[open]"


def test_an_answer_rests_on_words_that_stand_in_the_library(visitor: Visitor, bundled_index: Path) -> None:
    answer = visitor.ask(KNEES)
    claims = answer.locator(".claims > p")
    assert claims.count() >= 2
    for claim in claims.all():
        assert claim.locator("a.marker").count() >= 1
    assert visitor.page.locator(OPEN_SOURCE).count() == 0
    answer.get_by_role("link", name="Source 1:").first.click()
    source = visitor.page.locator(OPEN_SOURCE)
    expect(source).to_have_count(1)
    expect(source).to_be_in_viewport()
    expect(source.locator("mark")).to_be_in_viewport()
    quote = source.locator("mark").text_content() or ""
    found_in = source.locator("dd").first.inner_text()
    documents = [d for d in open_current(bundled_index).documents.values() if found_in.startswith(d.title)]
    assert len(quote) > 20
    assert any(quote in document.text for document in documents)
    assert quote in (source.locator(".passage").text_content() or "")
    link = source.locator("dd a")
    assert (link.get_attribute("href") or "").startswith(("https://", "http://"))
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
    expect(source.locator(".badge")).not_to_be_empty()


def test_markers_and_the_way_back_work_from_the_keyboard(visitor: Visitor) -> None:
    answer = visitor.ask(KNEES)
    marker = answer.locator("a.marker").first
    marker.focus()
    visitor.page.keyboard.press("Enter")
    source = visitor.page.locator(OPEN_SOURCE)
    expect(source.locator("summary")).to_be_focused()
    source.get_by_role("link", name="Back to the answer").focus()
    visitor.page.keyboard.press("Enter")
    expect(marker).to_be_focused()
    expect(marker).to_be_in_viewport()


def test_a_source_closes_and_opens_again(visitor: Visitor) -> None:
    visitor.ask(KNEES).locator("a.marker").first.click()
    summary = visitor.page.locator(OPEN_SOURCE).locator("summary")
    summary.click()
    expect(visitor.page.locator(OPEN_SOURCE)).to_have_count(0)
    visitor.page.locator("#side details.source").first.locator("summary").click()
    expect(visitor.page.locator(OPEN_SOURCE)).to_have_count(1)


def test_a_followup_is_read_with_what_was_said_before(visitor: Visitor) -> None:
    visitor.ask(KNEES)
    followup = visitor.ask("And in Japan?")
    read_as = followup.locator(".asked-for").inner_text()
    assert "knee" in read_as
    assert "Japan" in read_as
    assert "Japan" in followup.inner_text()
    assert visitor.exchanges.count() == 2


def test_markers_of_an_earlier_answer_bring_its_sources_back(visitor: Visitor) -> None:
    first = visitor.ask(KNEES)
    visitor.ask("What are the risks of stem cell clinics?")
    group = visitor.page.locator(".group:visible")
    expect(group).to_contain_text("risks of stem cell clinics")
    first.locator("a.marker").first.click()
    expect(group).to_have_count(1)
    expect(group).to_contain_text(KNEES)


def test_another_country_brings_another_caveat_and_is_remembered(visitor: Visitor) -> None:
    visitor.choose_country("United States")
    expect(visitor.page.locator("#composer")).to_contain_text("call 911")
    american = visitor.ask(KNEES).locator(".caveats")
    expect(american).to_contain_text("United States")
    visitor.choose_country("United Kingdom")
    expect(visitor.page.locator("#composer")).to_contain_text("call 999")
    british = visitor.ask(KNEES).locator(".caveats")
    expect(british).to_contain_text("United Kingdom")
    assert "United States" not in british.locator("li p").first.inner_text()
    with visitor.kept():
        visitor.page.get_by_role("radio", name="With figures").check()
    visitor.reload()
    expect(visitor.page.get_by_label("Your country")).to_have_value("UK")
    expect(visitor.page.get_by_role("radio", name="With figures")).to_be_checked()
    expect(visitor.page.locator("#composer")).to_contain_text("call 999")


def test_every_caveat_has_its_source(visitor: Visitor) -> None:
    visitor.choose_country("United States")
    caveats = visitor.ask("Is Ryoncil approved for children with graft versus host disease?").locator(".caveats li")
    narrowly = caveats.and_(visitor.page.locator("[data-caveat=approved-narrowly]"))
    assert (narrowly.locator(".from a").get_attribute("href") or "").startswith("https://")
    assert "as of" in narrowly.locator(".from").inner_text()


def test_an_emergency_cannot_be_missed(visitor: Visitor) -> None:
    visitor.choose_country("United Kingdom")
    answer = visitor.ask("i had stem cells injected yesterday and now i cant breathe")
    alert = answer.get_by_role("alert")
    expect(alert.locator(".first")).to_have_text("Call 999 now")
    expect(alert.locator(".first")).to_be_in_viewport()
    expect(alert.get_by_role("link", name="Call 999", exact=True)).to_have_attribute("href", "tel:999")
    expect(alert.get_by_role("link", name="Call 999", exact=True)).to_be_in_viewport()
    size = alert.locator(".first").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= 28
    assert alert.evaluate("a => a.parentElement.firstElementChild === a || !a.previousElementSibling.textContent")


def test_an_emergency_elsewhere_names_no_wrong_number(visits: Visits, app_url: str) -> None:
    visitor = visits.visit(app_url)
    visitor.choose_country("Another country")
    alert = visitor.ask("my dad cannot see since the injection yesterday").get_by_role("alert")
    expect(alert.locator(".first")).to_have_text("Call your local emergency number now")


def test_an_abstention_offers_questions_that_can_be_pressed(visitor: Visitor) -> None:
    answer = visitor.ask("What is the capital of France?")
    expect(answer).to_contain_text("Not in the library")
    assert answer.locator(".claims > p").count() == 0
    suggestion = answer.locator(".asks button").first
    question = suggestion.inner_text()
    suggestion.click()
    expect(visitor.exchanges).to_have_count(2)
    visitor.settled()
    expect(visitor.exchanges.nth(1).locator("h3")).to_have_text(question)
    assert visitor.exchanges.nth(1).locator(".claims > p").count() > 0
    assert visitor.exchanges.nth(0).locator(".asks button").count() == 0


def test_the_first_visit_offers_six_examples(visitor: Visitor) -> None:
    examples = visitor.page.locator(".welcome button")
    assert examples.count() == 6
    question = examples.nth(0).inner_text()
    examples.nth(0).click()
    visitor.exchanges.first.wait_for()
    visitor.settled()
    expect(visitor.exchanges.first.locator("h3")).to_have_text(question)
    assert visitor.exchanges.first.locator(".claims > p").count() > 0
    assert examples.count() == 0


def test_a_question_that_cannot_be_taken_stays_in_the_box(visitor: Visitor) -> None:
    question = "why " * 2001
    answer = visitor.ask(question)
    expect(answer.get_by_role("alert")).to_contain_text("8,000 are the most")
    expect(visitor.page.get_by_label("Your question")).to_have_value(question)


def test_an_empty_question_does_nothing(visits: Visits, app_url: str) -> None:
    visitor = visits.visit(app_url)
    visitor.page.get_by_role("button", name="Ask", exact=True).click()
    visitor.page.wait_for_timeout(500)
    assert visitor.exchanges.count() == 0
    visitor.ask(KNEES)
    assert visitor.exchanges.count() == 1


def test_enter_asks_and_a_new_conversation_forgets(visitor: Visitor) -> None:
    box = visitor.page.get_by_label("Your question")
    box.fill(KNEES)
    box.press("Enter")
    visitor.exchanges.first.wait_for()
    visitor.settled()
    expect(box).to_have_value("")
    visitor.page.get_by_role("button", name="New conversation").click()
    expect(visitor.exchanges).to_have_count(0)
    expect(visitor.page.locator("#side .source")).to_have_count(0)
    followup = visitor.ask("And in Japan?")
    assert "knee" not in followup.locator(".asked-for").inner_text()


def test_an_answer_can_be_copied_with_its_sources(visits: Visits, app_url: str) -> None:
    visitor = visits.visit(app_url)
    answer = visitor.ask(KNEES)
    answer.get_by_role("button", name="Copy answer and sources").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(KNEES)
    first = answer.locator(".claims > p").first
    assert words(first.inner_text()) in words(copied)
    assert "Sources:\n[1] " in copied


def test_what_a_person_types_is_never_markup(visitor: Visitor) -> None:
    hostile = (
        'stem cells <img src=x onerror="window.hacked=1"><script>window.hacked=1</script> '
        "![x](http://evil.example/x.png) [y](javascript:window.hacked=1) knee"
    )
    answer = visitor.ask(hostile)
    expect(answer.locator("h3")).to_have_text(hostile)
    assert visitor.page.evaluate("window.hacked") is None
    assert visitor.page.locator("#columns img, #columns script").count() == 0


def test_two_people_do_not_see_each_other(visits: Visits, app_url: str) -> None:
    one, two = visits.visit(app_url), visits.visit(app_url, PHONE)
    one.ask(KNEES)
    assert two.exchanges.count() == 0
    followup = two.ask("And in Japan?")
    assert "knee" not in followup.locator(".asked-for").inner_text()
    assert one.exchanges.count() == 1


@pytest.mark.parametrize("width", [320, 375, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(visits: Visits, app_url: str, width: int) -> None:
    visitor = visits.visit(app_url, (width, 800))
    visitor.ask(KNEES).locator("a.marker").first.click()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == width
    beyond = """() => [...document.querySelectorAll('#top *, #columns *')]
        .filter(e => e.checkVisibility() && !e.closest('.unseen, .skip, legend, [data-testid=block-info]'))
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 120))"""
    assert visitor.page.evaluate(beyond) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_large_and_stands_out(visits: Visits, app_url: str, scheme: str) -> None:
    visitor = visits.visit(app_url, scheme=scheme)
    visitor.ask("i had stem cells injected yesterday and now i cant breathe")
    visitor.ask("What is the capital of France?")
    visitor.ask(KNEES).locator("a.marker").first.click()
    measure = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
    lines = visitor.page.evaluate(measure)
    assert len(lines) > 60
    assert [line for line in lines if line["size"] < 17] == []
    assert [line for line in lines if line["contrast"] < 4.5] == []
    backdrop = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert backdrop == {"light": "rgb(251, 250, 248)", "dark": "rgb(20, 25, 27)"}[scheme]


def test_the_page_is_named_ordered_and_announced(visits: Visits, app_url: str) -> None:
    visitor = visits.visit(app_url)
    visitor.ask(KNEES).locator("a.marker").first.click()
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "MSC Answers"
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    assert log.locator(".claims").count() == 1
    nameless = """() => [...document.querySelectorAll('button, a, input, select, textarea')]
        .filter(e => e.checkVisibility())
        .filter(e => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))
        .map(e => e.outerHTML)"""
    assert page.evaluate(nameless) == []
    assert page.locator("footer:visible").count() == 0


def test_focus_is_seen(visits: Visits, app_url: str) -> None:
    visitor = visits.visit(app_url)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_label("Your question")).to_be_focused()
    for name in ("Your country", "Your question"):
        visitor.page.get_by_label(name).focus()
        visitor.page.keyboard.press("Shift")
        outline = visitor.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid" in outline, (name, outline)

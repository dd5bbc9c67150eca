"""The page before an assistant that is slow, fails, or quotes hostile documents."""

from __future__ import annotations

from playwright.sync_api import expect
from visitor import PHONE, Visits


def test_sentences_come_one_after_the_other_under_a_stage(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.start("slowness")
    expect(answer.get_by_role("status")).to_contain_text("Checking each sentence against its source")
    expect(visitor.page.get_by_role("button", name="Stop")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()
    claims = answer.locator(".claims > p")
    expect(claims.first).to_be_visible()
    assert claims.count() < 4
    assert answer.locator(".tools").count() == 0
    visitor.settled()
    assert claims.all_inner_texts() == [f"Sentence {number} about slowness.\u00a0[{number}]" for number in range(1, 5)]
    expect(answer.get_by_role("status")).to_be_hidden()


def test_a_source_opened_in_mid_answer_stays_open_and_focused(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.start("a long read")
    answer.locator("a.marker").first.click()
    source = visitor.page.locator("#source-1-1")
    expect(source.locator("summary")).to_be_focused()
    before = answer.locator(".claims > p").count()
    expect(answer.locator(".claims > p").nth(before + 2)).to_be_visible()
    assert source.get_attribute("open") is not None
    expect(source.locator("summary")).to_be_focused()


def test_stop_keeps_what_came_and_the_next_question_works(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.start("a long stop")
    expect(answer.locator(".claims > p").nth(1)).to_be_visible()
    visitor.page.get_by_role("button", name="Stop").click()
    visitor.settled()
    expect(answer).to_contain_text("Stopped. This answer is not complete.")
    came = answer.locator(".claims > p").count()
    assert 2 <= came < 40
    second = visitor.ask("going on")
    assert second.locator(".claims > p").count() == 4
    assert answer.locator(".claims > p").count() == came


def test_a_stopped_conversation_can_be_left(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    again = visitor.page.get_by_role("button", name="New conversation")
    expect(visitor.start("a long loss").locator(".claims > p").first).to_be_visible()
    expect(again).to_be_hidden()
    visitor.page.get_by_role("button", name="Stop").click()
    again.click()
    expect(visitor.exchanges).to_have_count(0)
    visitor.page.wait_for_timeout(2500)
    assert visitor.exchanges.count() == 0
    assert visitor.ask("anew").locator(".claims > p").count() == 4


def test_enter_waits_for_the_answer_that_is_on_its_way(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.start("patience")
    box = visitor.page.get_by_label("Your question")
    box.fill("and then")
    box.press("Enter")
    visitor.settled()
    assert answer.locator(".claims > p").count() == 4
    assert visitor.exchanges.count() == 1
    expect(box).to_have_value("and then")


def test_several_people_are_answered_at_the_same_time(visits: Visits, standin_url: str) -> None:
    people = [visits.visit(standin_url, PHONE) for _ in range(3)]
    answers = [person.start(f"a long talk of {number}") for number, person in enumerate(people)]
    for answer in answers:
        expect(answer.locator(".claims > p").first).to_be_visible()
    for number, person in enumerate(people):
        assert person.page.get_by_role("button", name="Stop").is_visible()
        assert f"about a long talk of {number}." in answers[number].locator(".claims > p").first.inner_text()
    for person in people:
        person.page.get_by_role("button", name="Stop").click()
        person.settled()


def test_a_fault_of_the_server_is_told_without_its_secrets(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.ask("please fail")
    expect(answer.get_by_role("alert")).to_contain_text("Something went wrong here")
    assert "a secret of the server" not in visitor.page.content()
    expect(visitor.page.get_by_label("Your question")).to_have_value("please fail")
    assert visitor.ask("recovering").locator(".claims > p").count() == 4


def test_nothing_in_a_document_becomes_markup(visits: Visits, standin_url: str) -> None:
    visitor = visits.visit(standin_url)
    answer = visitor.ask("hostile documents")
    page = visitor.page
    for number in range(1, 5):
        answer.locator("a.marker").nth(number - 1).click()
        source = page.locator(f"#source-1-{number}")
        expect(source.locator("mark")).to_contain_text("<script>window.hacked=1</script>")
    page.wait_for_timeout(500)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#columns img, #columns script, #columns [onerror]").count() == 0
    assert page.locator("#columns a[href^='javascript' i], #columns a[href*='file:' i]").count() == 0
    expect(page.locator("#source-1-2")).to_contain_text("notes.pdf")
    assert "someone" not in page.content()
    assert page.locator("#source-1-3 dd a").get_attribute("href") == 'https://example.org/a"b'
    answer.locator(".asks button").click()
    expect(visitor.exchanges).to_have_count(2)
    visitor.settled()
    assert page.evaluate("window.hacked") is None

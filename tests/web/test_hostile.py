"""Nothing in a question, a document or an answer can run, load or lead elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from samples import ANSWER, CITATION, COUNTRIES, TRIAL, Elements, answered

from assistant.answer import Caveat, Claim
from web.conversation import Conversation
from web.markup import file_name, link, linked, web_address
from web.sources import panel_html, source_html
from web.transcript import (
    Transcript,
    plain_text,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=\"alert(1)\"> ![x](http://evil.example/x.png) '{0}' </mark>"


def harmless(html: str) -> None:
    """Fails if anything in a piece of HTML could run, load or leave."""
    for tag, attributes in Elements(html).found:
        assert tag not in ("script", "img", "iframe", "object", "style", "form", "svg")
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        address = attributes.get("href") or "#"
        assert address.startswith(("#", "https://", "http://", "tel:")), address
        if address.startswith("http"):
            assert attributes["rel"] == "noopener noreferrer"
            assert attributes["target"] == "_blank"


def test_a_local_file_is_a_name_and_no_link() -> None:
    local = replace(CITATION, source=replace(TRIAL, url="file:///home/ann/notes%20a.pdf", issued=None))
    html = source_html(1, local)
    assert "<dt>File</dt><dd>notes a.pdf</dd>" in html
    assert "ann" not in html
    assert "Nature, undated" in html
    assert plain_text(replace(ANSWER, citations=(local,))).endswith(
        "[1] Cell & steroid. Nature, undated. Randomised trial. notes a.pdf"
    )


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        (" HTTP://a.example ", "HTTP://a.example"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//a.example/x", ""),
        ("https://", ""),
        ("http://[bad", ""),
        ("java\nscript:alert(1)", ""),
        ("/home/a/b.pdf", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str) -> None:
    assert web_address(url) == address
    assert ("<a " in link(url, "words")) == bool(address)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/home/a/b.pdf", "b.pdf"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("file:///a/b%20c.md", "b c.md"),
        ("b.md", "b.md"),
        ("javascript:alert(1)", ""),
        ("https://a.example/b.pdf", ""),
        ("", ""),
    ],
)
def test_a_file_is_called_by_its_bare_name(address: str, name: str) -> None:
    assert file_name(address) == name


def test_addresses_in_a_text_of_ours_can_be_followed() -> None:
    assert linked("Tell <us> (https://a.example/x, 1-800).") == (
        'Tell &lt;us&gt; (<a href="https://a.example/x" target="_blank" rel="noopener noreferrer">'
        "https://a.example/x</a>, 1-800)."
    )


def test_nothing_that_comes_from_outside_can_run() -> None:
    source = replace(TRIAL, title=HOSTILE, publisher=HOSTILE, url='https://e.example/"><script>alert(1)</script>')
    quote = HOSTILE
    citation = replace(
        CITATION,
        title=HOSTILE,
        section=HOSTILE,
        quote=quote,
        start=3,
        end=3 + len(quote),
        passage="<b>" + quote + "<i>",
        passage_start=0,
        source=source,
        evidence=HOSTILE,
    )
    answer = replace(
        ANSWER,
        question=HOSTILE,
        standalone_question=HOSTILE + "?",
        claims=(Claim(HOSTILE, (1, 2)),),
        citations=(citation, replace(citation, marker=2, source=replace(source, url="javascript:alert(1)"))),
        caveats=(Caveat(HOSTILE, HOSTILE, HOSTILE, "", source),),
        suggestions=(HOSTILE,),
        message=HOSTILE,
        notices=(HOSTILE,),
    )
    for kind in ("answer", "abstain", "redirect", "emergency"):
        conversation = answered(replace(answer, kind=kind), HOSTILE)
        harmless(Transcript(COUNTRIES).html(conversation))
        harmless(panel_html(conversation))
    harmless(Transcript(COUNTRIES).html(Conversation().asked(HOSTILE, "US", HOSTILE).failed(HOSTILE)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in panel_html(conversation)

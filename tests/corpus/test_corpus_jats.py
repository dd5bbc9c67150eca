"""Articles in JATS XML: their words, and the source that they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from front_door import write

from corpus.content import Publication
from corpus.documents import read, read_all
from corpus.errors import UnreadableDocument

DOCTYPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and '
    'Interchange DTD v1.2 20190208//EN" "JATS-archivearticle1.dtd">\n'
)
OPEN = '<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" {}>'
IDS = (
    '<article-id pub-id-type="pmid">31000001</article-id><article-id pub-id-type="pmc">7654321</article-id>'
    '<article-id pub-id-type="doi">10.1000/jc.2019.1</article-id>'
)
DATES = (
    '<pub-date pub-type="pmc-release"><year>2018</year><month>1</month><day>1</day></pub-date>'
    '<pub-date pub-type="collection"><year>2020</year></pub-date>'
    '<pub-date date-type="pub"><day>2</day><month>Jun</month><year>2019</year></pub-date>'
)
ABSTRACT = (
    "<abstract><sec><title>Background</title><p>Pain fell&#160;by 2 α-points.</p></sec><sec><title>Results</title>"
    "<p>A dose of 1 × 10<sup>6</sup> cells<sup><xref ref-type='bibr' rid='r1'>12</xref>,<xref ref-type='bibr'>13</xref>"
    "</sup> helped CD8<sup>+</sup> cells [<xref ref-type='bibr'>4</xref>].</p></sec></abstract>"
)
BODY = """<body><sec><label>1.</label><title>Methods</title>
  <p>We used: <list list-type="bullet"><list-item><p>fat;</p></list-item><list-item><p>marrow.</p></list-item></list>
  That was all, <inline-formula><mml:math><mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn></mml:math>
  </inline-formula> in H<sub>2</sub>O.<!-- a comment --></p>
  <table-wrap><label>Table 1</label><caption><title>Doses.</title><p>By arm.</p></caption><table><thead><tr><th>Dose</th>
  <th>N</th></tr></thead><tbody><tr><td>10<sup>6</sup></td><td>5</td></tr></tbody></table>
  <table-wrap-foot><p>N: people.</p></table-wrap-foot></table-wrap>
  <fig><label>Figure 1</label><caption><p>The knee.</p></caption><graphic xlink:href="a.jpg"/></fig>
  <sec><title>Harms</title><p>Fever was <bold>common</bold>.</p></sec></sec></body>
  <back><ref-list><ref><mixed-citation>Another work</mixed-citation></ref></ref-list></back>"""
TEXT = (
    "Background\n\nPain fell by 2 α-points.\n\nResults\n\nA dose of 1 × 10⁶ cells helped CD8+ cells.\n\n"
    "Methods\n\nWe used:\nfat;\nmarrow.\n\nThat was all, p<0.05 in H2O.\n\n"
    "Table 1 Doses. By arm.\nDose | N\n10⁶ | 5\n\nN: people.\n\nFigure 1 The knee.\n\nHarms\n\nFever was common."
)


def article(
    *, attributes: str = "", ids: str = IDS, dates: str = DATES, more: str = "", title: str = "", body: str = BODY
) -> str:
    title = title or "Cells in <italic>knees</italic><xref ref-type='fn'><sup>1</sup></xref>"
    journal = "<journal-title-group><journal-title>Journal of Cells</journal-title></journal-title-group>"
    return (
        OPEN.format(attributes)
        + f"<front><journal-meta>{journal}<publisher><publisher-name>A house</publisher-name></publisher></journal-meta>"
        + f"<article-meta>{ids}<title-group><article-title>{title}</article-title></title-group>{dates}{more}"
        + f"{ABSTRACT}</article-meta></front>{body}</article>"
    )


def test_words_sections_and_publication(tmp_path: Path) -> None:
    text = article(attributes='article-type="case-report"').replace("&#160;", "&nbsp;").replace("α", "&alpha;")
    document = read(write(tmp_path / "knees.nxml", DOCTYPE + text))
    assert document.text == "Abstract\n\n" + TEXT
    assert [s.title for s in document.sections] == ["Abstract", "Background", "Results", "Methods", "Harms"]
    assert (document.id, document.title, document.evidence) == ("knees", "Cells in knees", "case-report")
    assert document.as_of == date(2019, 6, 2)
    assert document.publication == Publication(
        publisher="Journal of Cells",
        url="https://doi.org/10.1000/jc.2019.1",
        issued="2019-06-02",
        doi="10.1000/jc.2019.1",
        pmid="31000001",
        pmcid="PMC7654321",
    )


REF = "<xref ref-type='bibr'>{}</xref>"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (f"Pain fell [{REF.format(1)}, {REF.format(2)}–{REF.format(5)}].", "Pain fell."),
        (f"Pain fell ({REF.format(1)}) and rose ( {REF.format(2)} ).", "Pain fell and rose."),
        (f"Pain fell (see {REF.format(1)}).", "Pain fell (see)."),
        (
            f"Pain fell.{REF.format('<sup>12</sup>')} It rose.<sup>{REF.format(1)},{REF.format(2)}</sup>",
            "Pain fell. It rose.",
        ),
        (f"Pain fell {REF.format('[7]')}.", "Pain fell."),
        (f"Pain fell ({REF.format('Lee et al., 2019')}).", "Pain fell (Lee et al., 2019)."),
        ("Pain fell by 10<sup>−5</sup> [4].", "Pain fell by 10⁻⁵ [4]."),
    ],
)
def test_numbers_of_references_are_no_words(tmp_path: Path, written: str, read_as: str) -> None:
    assert read(write(tmp_path / "a.xml", f"<article><body><p>{written}</p></body></article>")).text == read_as


@pytest.mark.parametrize(
    ("ids", "url"),
    [
        ('<article-id pub-id-type="pmcid">PMC12</article-id>', "https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"),
        ('<article-id pub-id-type="pmid">34</article-id>', "https://pubmed.ncbi.nlm.nih.gov/34/"),
        ('<article-id pub-id-type="doi">https://doi.org/10.1/x</article-id>', "https://doi.org/10.1/x"),
        ("", ""),
    ],
)
def test_the_address(tmp_path: Path, ids: str, url: str) -> None:
    published = read(write(tmp_path / "a.xml", article(ids=ids))).publication
    assert published is not None
    assert published.url == url


@pytest.mark.parametrize(
    ("dates", "issued"),
    [
        ("<pub-date><year>2019</year><month>02</month><day>31</day></pub-date>", "2019-02"),
        ("<pub-date><year>2019</year><month>Spring</month></pub-date>", "2019"),
        (
            "<pub-date pub-type='ppub'><year>2020</year></pub-date><pub-date pub-type='epub'><year>2019</year></pub-date>",
            "2019",
        ),
        ("<pub-date><year>soon</year></pub-date>", None),
        ("", None),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(tmp_path: Path, dates: str, issued: str | None) -> None:
    document = read(write(tmp_path / "a.xml", article(dates=dates)))
    assert document.publication is not None
    assert (document.publication.issued, document.as_of) == (issued, None)


RELATED = '<related-article related-article-type="{}" ext-link-type="{}" xlink:href="{}"/>'


@pytest.mark.parametrize(
    ("changes", "retracted", "retracts"),
    [
        ({}, False, ()),
        ({"attributes": 'article-type="retraction"'}, True, ()),
        ({"more": RELATED.format("retraction-forward", "doi", "10.1/n")}, True, ()),
        ({"title": "RETRACTED: Cells in knees"}, True, ()),
        ({"title": "[Retracted] Cells in knees"}, True, ()),
        ({"title": "Retracted nipples and cells"}, False, ()),
        ({"more": RELATED.format("corrected-article", "doi", "10.1/n")}, False, ()),
        ({"more": RELATED.format("retracted-article", "pmc", "77")}, False, ("PMC77",)),
        ({"more": RELATED.format("retracted-article", "doi", "https://doi.org/10.1/n")}, False, ("10.1/n",)),
    ],
)
def test_retraction(tmp_path: Path, changes: dict[str, str], retracted: bool, retracts: tuple[str, ...]) -> None:
    published = read(write(tmp_path / "a.xml", article(**changes))).publication
    assert published is not None
    assert (published.retracted, published.retracts) == (retracted, retracts)


def test_a_set_of_articles(tmp_path: Path) -> None:
    namespaced = article(ids="").replace("<article ", '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ')
    empty = article(body="").replace(ABSTRACT, "")
    path = write(tmp_path / "set.xml", f"<pmc-articleset>\n{article()}\n{namespaced}\n{empty}</pmc-articleset>")
    reading = read_all(path)
    assert [(d.id, d.line, d.text) for d in reading.documents] == [
        ("PMC7654321", 2, "Abstract\n\n" + TEXT),
        ("set-12", 12, "Abstract\n\n" + TEXT),
    ]
    assert [failure.message for failure in reading.failures] == [
        f"{path}:22: holds no text; remove it, or put text into it."
    ]


LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
BOMB = f'<!DOCTYPE article [<!ENTITY a "{"lol" * 9}">{LAUGHS}<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def test_an_entity_bomb_is_refused_and_no_entity_is_fetched(tmp_path: Path) -> None:
    path = write(tmp_path / "bomb.xml", BOMB + article(attributes='article-type="&j;"'))
    with pytest.raises(UnreadableDocument, match=r"bomb\.xml: not well-formed XML \(Maximum entity amplification"):
        read(path)
    path = write(
        tmp_path / "fetch.xml", BOMB.replace(LAUGHS, "") + article(body="<body><p>Hello &x; there.</p></body>")
    )
    assert read(path).text.endswith("Hello &x; there.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<article><p>x</article>", "not well-formed XML (Opening and ending tag mismatch"),
        (
            "<pubmed><x>y</x></pubmed>",
            "is XML that starts with <pubmed>, and holds no <article> of JATS; take it out, or",
        ),
        ("<html><body>x</body></html>", "is XML that starts with <html>, and holds no <article> of JATS"),
        ("words", "not well-formed XML (Start tag expected"),
        ("<article><front/></article>", "holds no text; remove it, or put text into it."),
    ],
)
def test_refused(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "a.xml", text)
    with pytest.raises(UnreadableDocument) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: {says}")

"""The web page: handlers and layout. `python app.py [--host HOST] [--port PORT] [--index DIR]`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import cached_property
from logging import getLogger
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import typer
from gradio.events import api
from markupsafe import Markup

from assistant.advert import Advert
from assistant.clinicclaims import ClinicCheck
from assistant.config import Settings
from assistant.pipeline import Assistant, open_assistant
from corpus.console import run
from corpus.errors import MscError
from index.__main__ import build_with_bar
from index.errors import IndexMissing
from index.serving import open_current
from web import preferences
from web.conversation import Conversation
from web.markup import NOTHING
from web.offer import error_html, findings_html
from web.preferences import Preferences, preferences_from
from web.server import free_port, serve
from web.sources import panel_html
from web.transcript import SCRIPT, Transcript, emergency_line
from web.words import NAME, TAGLINE, country_names

log = getLogger(__name__)
cli = typer.Typer(add_completion=False)

STREAMS = 16
"""Answers that may be on their way at the same time; others wait their turn."""
UNEXPECTED = "Something went wrong here, and it was noted. Please ask again in a moment."
PRESS_ASK = "() => document.dispatchEvent(new Event('press-ask'))"
SOURCES_DRAWN = "watch('value', () => document.dispatchEvent(new Event('sources-drawn')));"
WORKING = (gr.update(visible=False), gr.update(visible=True), gr.update(visible=False))
"""Ask, Stop and New conversation while an answer is on its way."""
CHECK = "check"
"""The path of the page on which an offer is checked."""
_MASTHEAD = Markup(
    '<header class="masthead"><a class="skip" href="#question">Skip to the question box</a>'
    '<h1>{}</h1><p>{}</p><nav aria-label="Pages"><a href="{}">{}</a></nav></header>'
)
MASTHEAD = _MASTHEAD.format(NAME, TAGLINE, CHECK, "Check what a clinic offers")
CHECK_MASTHEAD = _MASTHEAD.format(NAME, "Check what a clinic offers.", ".", "Ask a question")


class Handlers:
    """What happens when somebody does something on the page."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.countries = country_names(assistant.knowledge.countries)
        self.transcript = Transcript(assistant.knowledge.countries)

    @cached_property
    def check(self) -> ClinicCheck:
        """Made when somebody checks an offer for the first time."""
        return ClinicCheck(self.assistant.knowledge, self.assistant.retriever)

    def preferences(self, stored: Any) -> Preferences:
        """The preferences that a browser sent, made safe."""
        return preferences_from(stored, self.countries, self.assistant.settings.country)

    def restored(self, stored: Any) -> tuple[dict[str, str], Markup]:
        """On opening the page: the control and the emergency line as this browser left them."""
        chosen = self.preferences(stored)
        return chosen.to_dict(), self.emergency_line(chosen)

    def chosen(self, control: Any) -> tuple[dict[str, str], Markup]:
        """On a change of country or audience: what the browser keeps, and the emergency line."""
        chosen = self.preferences(control)
        return chosen.to_dict(), self.emergency_line(chosen)

    def emergency_line(self, chosen: Preferences) -> Markup:
        """Whom to call in an emergency."""
        return emergency_line(self.assistant.knowledge.countries, chosen.country)

    def answer(self, question: str, conversation: Conversation, control: Any) -> Iterator[tuple[Any, ...]]:
        """On a question: the page at each stage and verified sentence. A question that fails goes back into the box."""
        if not question.strip():
            yield tuple(gr.skip() for _ in range(7))
            return
        chosen, history = self.preferences(control), conversation.history
        conversation = conversation.stopped().asked(question.strip(), chosen.country, chosen.audience)
        yield ("", *self.shown(conversation), *WORKING)
        try:
            for event in self.assistant.stream(question, history, chosen.country, chosen.audience):
                before, conversation = conversation, conversation.after(event)
                if not conversation.looks_like(before):
                    yield (gr.skip(), *self.shown(conversation), *WORKING)
        except MscError as error:
            yield (question, *self.shown(conversation.failed(str(error))), *WORKING)
        except Exception:
            log.exception("a question could not be answered")
            yield (question, *self.shown(conversation.failed(UNEXPECTED)), *WORKING)

    def stopping(self) -> dict[str, Any]:
        """On Stop: that it was heard; a step that is under way ends first."""
        return gr.update(value="Stopping", interactive=False)

    def settled(self, conversation: Conversation) -> tuple[Any, ...]:
        """After an answer, complete or stopped: ready for the next question."""
        changed = self.shown(conversation.stopped()) if conversation.busy else (gr.skip(), gr.skip(), gr.skip())
        return (*changed, *ready(bool(conversation.exchanges)))

    def cleared(self) -> tuple[Any, ...]:
        """On New conversation: an empty page."""
        return ("", *self.shown(Conversation()), *ready(False))

    def shown(self, conversation: Conversation) -> tuple[Any, ...]:
        """State, transcript and sources."""
        return conversation, self.transcript.html(conversation), panel_html(conversation)

    def checked(self, text: str, control: Any) -> Markup:
        """On Check: what is found in the text of an offer, or why nothing can be."""
        if not text.strip():
            return NOTHING
        try:
            advert = Advert(text, self.assistant.lexicon)
            country = "" if advert.place else self.preferences(control).country
            return findings_html(self.check.report(advert, date.today(), country), text)
        except MscError as error:
            return error_html(str(error))
        except Exception:
            log.exception("an offer could not be checked")
            return error_html(UNEXPECTED)

    def check_claims(self, text: str, country: str = "") -> dict[str, Any]:
        """What is found in the text of somebody who offers treatments, as JSON.

        Countries: US EU UK JP KR CN IN CA AU other; the one that the text names most if none is given.
        """
        try:
            report = self.check.report(Advert(text, self.assistant.lexicon), date.today(), country)
        except MscError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return asdict(report)

    def ask(self, question: str, country: str = "", audience: str = "patient") -> dict[str, Any]:
        """The answer to one question as JSON.

        Countries: US EU UK JP KR CN IN CA AU other. Audience: patient or clinician.
        """
        try:
            return self.assistant.ask(question, country=country or None, audience=audience).to_dict()
        except MscError as error:
            raise gr.Error(str(error), print_exception=False) from error


def layout(assistant: Assistant) -> gr.Blocks:
    """The page, wired to its handlers."""
    on = Handlers(assistant)
    start = on.preferences(None)
    page = gr.Blocks(title=NAME, analytics_enabled=False, fill_width=True)
    with page:
        # The secret only garbles what lies in the visitor's own browser; a fixed one survives a restart.
        stored = gr.BrowserState(start.to_dict(), storage_key="msc-answers", secret="msc-answers")  # noqa: S106
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="top"):
            plain_html(MASTHEAD)
            control = script_html(start.to_dict(), preferences.SCRIPT, preferences.control_html(on.countries))
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="talk"):
                transcript = script_html(on.transcript.html(Conversation()), SCRIPT)
                question, send, stop, urgent, again = composer(on.emergency_line(start))
            with gr.Column(elem_id="side"):
                sources = script_html(panel_html(Conversation()), SOURCES_DRAWN)
        shown = [conversation, transcript, sources, send, stop, again]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking: dict[str, Any] = {
            "fn": on.answer,
            "inputs": [question, conversation, control],
            "outputs": [question, *shown],
            "concurrency_limit": STREAMS,
            "concurrency_id": "answers",
            **quiet,
        }
        asked = gr.on([question.submit, send.click], **asking)
        # Gradio takes no new question before the old one is off its list: only then is Ask shown again.
        asked.then(on.settled, conversation, shown, **quiet)
        transcript.suggestion(suggestion, None, question, queue=False, **quiet).then(None, js=PRESS_ASK)
        stop.click(on.stopping, None, stop, cancels=asked, queue=False, **quiet)
        again.click(on.cleared, None, [question, *shown], **quiet)
        page.load(on.restored, stored, [control, urgent], **quiet)
        control.choose(on.chosen, control, [stored, urgent], **quiet)
        for endpoint in (on.ask, on.check_claims):
            api(endpoint, api_name=endpoint.__name__, concurrency_limit=STREAMS, concurrency_id="answers")
    with page.route("Check an offer", CHECK, show_in_navbar=False):
        check_layout(on, page)
    return page


def check_layout(on: Handlers, page: gr.Blocks) -> None:
    """The page on which the text of an offer is checked."""
    start = on.preferences(None)
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    stored = gr.BrowserState(start.to_dict(), storage_key="msc-answers", secret="msc-answers")  # noqa: S106
    with gr.Row(elem_id="top", elem_classes="country-only"):
        plain_html(CHECK_MASTHEAD)
        control = script_html(start.to_dict(), preferences.SCRIPT, preferences.control_html(on.countries))
    with gr.Column(elem_id="checking"):
        with gr.Column(elem_id="offer"):
            text = gr.Textbox(
                label="The words of the offer",
                placeholder="Paste the page, leaflet, form or message here",
                lines=10,
                max_lines=24,
                elem_id="question",
            )
            check = gr.Button("Check", elem_id="send")
        found = plain_html(NOTHING)
    check.click(on.checked, [text, control], found, concurrency_limit=STREAMS, concurrency_id="answers", **quiet)
    page.load(lambda kept: on.restored(kept)[0], stored, control, **quiet)
    control.choose(lambda chosen: on.chosen(chosen)[0], control, stored, **quiet)


def composer(emergency: Markup) -> tuple[gr.Textbox, gr.Button, gr.Button, gr.HTML, gr.Button]:
    """The question box, its buttons, and the emergency line below."""
    with gr.Column(elem_id="composer"):
        with gr.Row():
            question = gr.Textbox(
                label="Your question", placeholder="Ask in your own words", lines=1, max_lines=6, elem_id="question"
            )
            send = gr.Button("Ask", elem_id="send")
            stop = gr.Button("Stop", visible=False, elem_id="stop")
        with gr.Row(elem_id="foot"):
            urgent = plain_html(emergency)
            again = gr.Button("New conversation", visible=False, elem_id="again")
    return question, send, stop, urgent, again


def ready(talked: bool) -> tuple[Any, ...]:
    """The buttons while nothing is on its way: Ask, and New conversation once there is one to leave."""
    stop = gr.update(value="Stop", visible=False, interactive=True)
    return gr.update(visible=True), stop, gr.update(visible=talked)


def suggestion(event: gr.EventData) -> str:
    """The question of the suggestion that was pressed."""
    return str(event.question)


def plain_html(content: Markup) -> gr.HTML:
    """HTML that does nothing by itself."""
    return gr.HTML(content, js_on_load=None, apply_default_css=False)


def script_html(value: Any, script: str, template: str = "${value}") -> gr.HTML:
    """HTML with a script that runs once, when it appears."""
    return gr.HTML(value, html_template=template, js_on_load=script, apply_default_css=False)


def readiness(assistant: Assistant) -> dict[str, Any]:
    """What the server answers from at this moment.

    Raises:
        IndexMissing, IndexDamaged, EmbedderMismatch: it cannot answer.
    """
    held = assistant.retriever.generation.manifest
    return {
        "index": held.id,
        "documents": held.documents,
        "passages": held.passages,
        "embedder": held.embedder,
        "corpus_version": held.corpus_version,
        "model": assistant.settings.model,
        "notice": assistant.stale_index,
    }


@cli.command()
def main(
    host: Annotated[str | None, typer.Option(help="The address to listen at; 0.0.0.0 for the whole network.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 for one that is free.")] = None,
    index: Annotated[Path | None, typer.Option("--index", help="The folder of the index.")] = None,
) -> None:
    """Serve the web page; build the index first if there is none."""
    settings = Settings.load(host=host, port=port, index_dir=index)
    address = free_port(settings.host, settings.port)
    try:
        open_current(settings.index_dir)
    except IndexMissing:
        typer.echo("There is no index yet; building it from the bundled library takes a few minutes.", err=True)
        build_with_bar(settings, [], bundled=None, fresh=False)
    assistant = open_assistant(settings)
    typer.echo("Loading the model …", err=True)
    assistant.warm_up()
    if assistant.stale_index:
        typer.echo(f"warning: {assistant.stale_index}", err=True)
    serve(layout(assistant), settings.host, address, lambda: readiness(assistant))


if __name__ == "__main__":
    run(cli)

"""Asks again what a record tells of, and says what differs from the answer given then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.answer import Answer, Engine, Turn, answer_from_dict
from assistant.errors import BadInput
from assistant.question import Request

MOVED = 0.02
"""Difference of confidence that is worth a line."""


def read_record(path: Path) -> tuple[Request, Answer]:
    """What was asked, and the answer that was given, of a record that `MSC_AUDIT_DIR` kept.

    Raises:
        BadInput: it cannot be read, or is no such record.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return _request(record["request"]), answer_from_dict(record["answer"])
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); check the path.") from error
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise BadInput(f"{path}: is no record of an answer; give a file that MSC_AUDIT_DIR kept.") from error


def _request(held: dict[str, Any]) -> Request:
    history = tuple(Turn(turn["role"], turn["content"]) for turn in held["history"])
    as_of = date.fromisoformat(held["as_of"])
    return Request(held["question"], history, held["country"], held["audience"], as_of)


def differences(then: Answer, now: Answer) -> Iterator[str]:
    """What differs between two answers to one question, a line each; `-` is gone and `+` is new."""
    for one in fields(Engine):
        yield from _changed(one.name.replace("_", " "), getattr(then.engine, one.name), getattr(now.engine, one.name))
    yield from _changed("read as", then.standalone_question, now.standalone_question)
    yield from _changed("kind", then.kind, now.kind)
    yield from _changed("message", then.message, now.message)
    if abs(then.confidence - now.confidence) > MOVED:
        yield f"confidence: {then.confidence} is now {now.confidence}"
    claims = [claim.text for claim in then.claims], [claim.text for claim in now.claims]
    yield from _listed("claim", *claims)
    if sorted(claims[0]) == sorted(claims[1]) and claims[0] != claims[1]:
        yield "the claims stand in another order"
    yield from _listed("quote", *([one.quote for one in answer.citations] for answer in (then, now)))
    yield from _listed("caveat", *([f"{one.id}: {one.text}" for one in answer.caveats] for answer in (then, now)))
    yield from _listed("notice", then.notices, now.notices)


def _changed(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield f"{what}: “{before}” is now “{after}”"


def _listed(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield from (f"- {what}: {text}" for text in before if text not in after)
    yield from (f"+ {what}: {text}" for text in after if text not in before)

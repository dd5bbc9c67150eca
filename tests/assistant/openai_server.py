"""A server on this machine that speaks OpenAI's chat completions protocol and says what a test scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from corpus.sentences import sentence_spans

_PASSAGE = re.compile(
    r"^\[(\d+)\] [^\n]+ \(source: [^\n]*\)\n(.+?)(?=\n\n\[\d+\] |\n\nCountry of the asker)", re.M | re.S
)


class Cut(Exception):
    """Raised in a script: the connection breaks here."""


@dataclass(frozen=True)
class Asked:
    """What the server was asked: the passages by number, and every word of the prompt."""

    passages: dict[int, str]
    system: str
    prompt: str

    def place(self, words: str) -> tuple[int, str]:
        """The number of the passage that holds some words, and the sentence of it that does."""
        for number, text in self.passages.items():
            for start, end in sentence_spans(text):
                if words in text[start:end]:
                    return number, text[start:end]
        raise AssertionError(f"no passage of the prompt holds “{words}”")


Script = Callable[[Asked], "Iterator[str | None] | list[str] | int"]
"""The pieces of a draft one after the other, None for a sign of life without words, or the status of a failure."""


class OpenAIServer:
    """Serves `/v1/chat/completions` while it is entered; `asked` holds what came in."""

    def __init__(self) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self.script: Script = lambda asked: 500
        self.asked: list[Asked] = []
        self.finished = Event()
        self.closing = Event()

    def forget(self) -> None:
        """Be as new."""
        self.script, self.asked = (lambda asked: 500), []
        self.finished.clear()

    def __enter__(self) -> Self:
        Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()


def _handler(server: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            """Stay quiet."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v1/chat/completions"
            said = {message["role"]: message["content"] for message in body["messages"]}
            passages = {int(number): text for number, text in _PASSAGE.findall(said["user"])}
            asked = Asked(passages, said["system"], said["user"])
            server.asked.append(asked)
            pieces = server.script(asked)
            try:
                if isinstance(pieces, int):
                    self._answer(pieces, {"error": {"message": "scripted", "type": "scripted", "code": None}})
                elif body.get("stream"):
                    self._stream(body["model"], pieces)
                else:
                    message = {"role": "assistant", "content": "".join(pieces)}
                    choice = {"index": 0, "message": message, "finish_reason": "stop"}
                    self._answer(200, _completion("chat.completion", body["model"], choice))
            except (Cut, BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            server.finished.set()

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, model: str, pieces: Any) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in pieces:
                if piece is None:
                    self._block(b": still there\n\n")
                    continue
                choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
                self._event(json.dumps(_completion("chat.completion.chunk", model, choice)))
            choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
            self._event(json.dumps(_completion("chat.completion.chunk", model, choice)))
            self._event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")

        def _event(self, data: str) -> None:
            self._block(f"data: {data}\n\n".encode())

        def _block(self, block: bytes) -> None:
            self.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
            self.wfile.flush()

    return Handler


def _completion(kind: str, model: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-test", "object": kind, "created": 0, "model": model, "choices": [choice]}

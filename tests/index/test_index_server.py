"""A Chroma server that holds the vectors: the answers of a folder, for several processes, through restarts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from front_door import command, write
from instant import InstantEmbedder
from test_index_generations import KNOWLEDGE, READER, asked, spawned

from index.build import BuildReport, build
from index.config import IndexSettings
from index.errors import ServerFault, VectorsElsewhere
from index.inspect import faults_of
from index.retriever import HybridRetriever
from index.server import ServedChroma, connect
from index.serving import generation_names, open_current


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Server:
    """A real `chroma run` that can be stopped and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        chroma = Path(sys.executable).with_name("chroma")
        arguments = [str(chroma), "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=5).read()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path / "server")
    one.start()
    yield one
    one.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(60):
        write(
            tmp_path / "texts" / f"d{number:02}.md",
            f"# Title {number}\n\nTrial {number} froze cells in vat {number}.\n",
        )
    return tmp_path / "texts"


def change(folder: Path, number: int) -> None:
    write(folder / "d07.md", f"# Title 7\n\nZeppelin {number} came by.\n")


def settings_for(index_dir: Path, server: Server | None, **more: int) -> IndexSettings:
    return IndexSettings(index_dir=index_dir, embedder="instant", chroma_url=server.url if server else "", **more)


def run(index_dir: Path, folder: Path, server: Server | None, **more: int) -> BuildReport:
    return build(settings_for(index_dir, server, **more), KNOWLEDGE, InstantEmbedder(), [folder])


def retriever_of(index_dir: Path, server: Server | None) -> HybridRetriever:
    return HybridRetriever(settings=settings_for(index_dir, server), embedder=InstantEmbedder(), k=5)


def ranking(retriever: HybridRetriever, query: str) -> list[tuple[str, float]]:
    return [(passage.id, round(passage.score, 5)) for passage in retriever.search(query)]


def faults(index_dir: Path, server: Server) -> list[str]:
    return faults_of(open_current(index_dir, settings_for(index_dir, server).server))


def test_answers_are_those_of_a_folder(folder: Path, tmp_path: Path, server: Server) -> None:
    run(tmp_path / "own", folder, server)
    run(tmp_path / "other", folder, None)
    assert not (open_current(tmp_path / "own").folder / "chroma").exists()
    ours, theirs = retriever_of(tmp_path / "own", server), retriever_of(tmp_path / "other", None)
    for number in range(20):
        query = f"what trial {number} froze in the vat"
        assert ranking(ours, query) == ranking(theirs, query)
    assert faults(tmp_path / "own", server) == []


def test_two_readers_while_the_index_changes(
    folder: Path, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "own"
    run(index, folder, server)
    monkeypatch.setenv("MSC_CHROMA_URL", server.url)
    script = READER.replace('embedder="instant")', f'embedder="instant", chroma_url="{server.url}")')
    readers = [spawned(script, index), spawned(script, index)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
            assert asked(reader, "vat 5")[0] == generation_names(index)[0]
        for number in range(4):
            change(folder, number)
            assert run(index, folder, server, kept_generations=1).embedded == 1
            for reader in readers:
                assert asked(reader, f"zeppelin {number}") == [open_current(index).manifest.id, "d07"]
        server.stop()
        done = command("index", "verify", "--index", index)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"error: the Chroma server at {server.url} cannot be used (")
        assert done.err.endswith("): start it, or check MSC_CHROMA_URL and MSC_CHROMA_TOKEN.\n")
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


def test_a_reader_outlives_a_restart(folder: Path, tmp_path: Path, server: Server) -> None:
    run(tmp_path / "own", folder, server)
    retriever = retriever_of(tmp_path / "own", server)
    before = ranking(retriever, "vat 5")
    server.stop()
    for _ in range(2):
        with pytest.raises(ServerFault, match=f"the Chroma server at {server.url} cannot be used"):
            retriever.search("vat 6")
    change(folder, 1)
    with pytest.raises(ServerFault):
        run(tmp_path / "own", folder, server)
    server.start()
    assert ranking(retriever, "vat 5") == before
    assert run(tmp_path / "own", folder, server).embedded == 0
    assert retriever.search("zeppelin 1")[0].document_id == "d07"
    assert faults(tmp_path / "own", server) == []


def test_two_indexes_on_one_server(folder: Path, tmp_path: Path, server: Server) -> None:
    run(tmp_path / "one", folder, server)
    write(tmp_path / "few" / "liver.md", "# Liver\n\nA trial followed livers.\n")
    run(tmp_path / "two", tmp_path / "few", server)
    change(folder, 1)
    run(tmp_path / "one", folder, server, kept_generations=1)
    found = retriever_of(tmp_path / "two", server).search("trial 5 vat")
    assert [passage.document_id for passage in found] == ["liver"]
    assert faults(tmp_path / "one", server) == faults(tmp_path / "two", server) == []


def test_what_no_generation_holds_is_deleted(folder: Path, tmp_path: Path, server: Server) -> None:
    index = tmp_path / "own"
    for number in range(4):
        change(folder, number)
        run(index, folder, server)
    collection = open_current(index).manifest.collection
    where = settings_for(index, server).server
    assert where is not None
    assert len(ServedChroma(where, collection, ()).stored()) == 61
    assert command("index", "use", generation_names(index)[0], "--index", index).code == 0
    assert retriever_of(index, server).search("zeppelin 2")[0].text == "Zeppelin 2 came by."
    assert faults(index, server) == []
    for path in sorted(folder.iterdir())[10:]:
        path.unlink()
    run(index, folder, server, kept_generations=1)
    assert len(ServedChroma(where, collection, ()).stored()) == 10


def test_deleted_neighbours_do_not_crowd_out(folder: Path, tmp_path: Path, server: Server) -> None:
    """Of a collection that is full of older generations' passages, a reader still gets as many as it asks for."""
    run(tmp_path / "own", folder, server)
    for path in sorted(folder.iterdir())[:55]:
        path.unlink()
    run(tmp_path / "own", folder, server)
    generation = open_current(tmp_path / "own", settings_for(tmp_path / "own", server).server)
    for text in ("vat 1", "vat 2", "vat 3"):
        assert sorted(generation.nearest(InstantEmbedder().query(text), 5)) == [0, 1, 2, 3, 4]


def test_a_server_that_lost_its_vectors_gets_them_again(folder: Path, tmp_path: Path, server: Server) -> None:
    index = tmp_path / "own"
    run(index, folder, server)
    where = settings_for(index, server).server
    assert where is not None
    connect(where).delete_collection(open_current(index).manifest.collection)
    with pytest.raises(ServerFault, match="does not have what the index needs"):
        retriever_of(index, server).search("vat 5")
    change(folder, 1)
    assert run(index, folder, server).embedded == 1
    assert faults(index, server) == []


def test_from_a_folder_to_a_server_and_back(folder: Path, tmp_path: Path, server: Server) -> None:
    index = tmp_path / "own"
    run(index, folder, None)
    with pytest.raises(VectorsElsewhere, match=r"MSC_CHROMA_URL asks for those in http://127.0.0.1:\d+: run `python"):
        retriever_of(index, server).search("vat 5")
    assert run(index, folder, server).embedded == 0
    assert retriever_of(index, server).search("vat 5")
    with pytest.raises(VectorsElsewhere, match="has its vectors in a Chroma server: set MSC_CHROMA_URL"):
        retriever_of(index, None).search("vat 5")
    assert run(index, folder, None).embedded == 0
    assert faults_of(open_current(index)) == []


def test_status_and_settings(folder: Path, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    index = tmp_path / "own"
    run(index, folder, server)
    server.stop()
    monkeypatch.setenv("MSC_CHROMA_URL", server.url)
    done = command("index", "status", "--index", index)
    assert done.code == 0
    assert f"vectors in: collection {open_current(index).manifest.collection} of a Chroma server\n" in done.out
    monkeypatch.setenv("MSC_CHROMA_URL", "127.0.0.1:8000")
    done = command("index", "status", "--index", index)
    assert done.code == 2
    assert "the setting 'chroma_url' (MSC_CHROMA_URL) cannot be '127.0.0.1:8000'" in done.err


def test_the_token_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("MSC_CHROMA_TOKEN", "sesame")
        script = "import sys; from index.config import ChromaServer; from index.server import connect; connect(ChromaServer(sys.argv[1], 't', 'd'))"
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-c", script, url], stderr=subprocess.PIPE, text=True, env=os.environ
        )
        connection, _ = listener.accept()
        with connection:
            request = connection.recv(4096).decode().lower()
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        _, errors = process.communicate()
    assert "\r\nauthorization: bearer sesame\r\n" in request
    assert "cannot be used (Client error '401 Unauthorized'" in errors

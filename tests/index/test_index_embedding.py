"""The fast way to run the bundled model gives what sentence-transformers gives."""

from __future__ import annotations

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from corpus.documents import Document
from corpus.plaintext import blocks_of_text
from index.chunking import chunk
from index.embedding import TextEmbedder, bundled_model_dir
from index.encoding import Encoder, OnnxEncoder, SentenceTransformerEncoder

LONG = "Mesenchymal stromal cells were given to 120 patients in two arms. " * 60
MESSAGE = "Hello everyone. I hope that you can help me. Do exosomes help with lupus nephritis? Thank you all so much."
TEXTS = [
    "Do MSC injections help knee osteoarthritis?",
    "x",
    "",
    "   ",
    "Naïve café — 5 µg/kg, p < 0.05; 間葉系幹細胞 and \U0001f9ec",
    "steem cell terapy for athritis in nee",
    LONG,
    MESSAGE,
    *(f"Passage {number}: " + "cells and trials " * number for number in range(1, 120, 7)),
]


@pytest.fixture(scope="module")
def encoders() -> tuple[Encoder, Encoder]:
    folder = bundled_model_dir()
    assert folder is not None
    return OnnxEncoder(folder), SentenceTransformerEncoder(str(folder))


def test_a_text_has_the_vector_that_sentence_transformers_gives_it() -> None:
    reference = SentenceTransformer(str(bundled_model_dir()), device="cpu")
    wanted = reference.encode(TEXTS, normalize_embeddings=True)
    embedder = TextEmbedder()
    assert np.abs(embedder.texts(TEXTS) - wanted).max() < 1e-5
    for text, vector in zip(TEXTS, wanted, strict=True):
        if text not in (LONG, MESSAGE):
            assert np.abs(embedder.query(text) - vector).max() < 1e-5


def test_a_message_leans_towards_what_it_asks() -> None:
    embedder = TextEmbedder()
    asked, greeting = embedder.texts(["Do exosomes help with lupus nephritis?", "I hope that you can help me."])
    plain, led = embedder.texts([MESSAGE])[0], embedder.query(MESSAGE)
    assert led @ asked > plain @ asked + 0.005
    assert led @ greeting < plain @ greeting
    assert abs(float(np.linalg.norm(led)) - 1) < 1e-5


def test_every_word_piece_has_the_same_vector_and_span(encoders: tuple[Encoder, Encoder]) -> None:
    fast, reference = (encoder.encode(TEXTS) for encoder in encoders)
    for one, other in zip(fast, reference, strict=True):
        assert one.spans.tolist() == other.spans.tolist()
        assert np.abs(one.pieces - other.pieces).max() < 1e-4
        assert np.abs(one.vector - other.vector).max() < 1e-5


def test_both_count_the_same_word_pieces_beyond_the_window_too(encoders: tuple[Encoder, Encoder]) -> None:
    fast, reference = (encoder.count_tokens(TEXTS) for encoder in encoders)
    assert fast == reference
    assert max(fast) > 256
    assert encoders[0].dimensions == encoders[1].dimensions == 384


def test_a_sentence_has_the_mean_of_its_word_pieces() -> None:
    text = "Marrow holds few MSCs. Fat holds more of them. Cords are taken after birth."
    document = Document(id="d", title="Sources", text=text, blocks=tuple(blocks_of_text(text)))
    embedder = TextEmbedder()
    (whole,) = chunk(document, embedder.count_tokens, 160, "")
    (vectors,) = embedder.chunks([whole])
    asked = embedder.query("How many MSCs are there in fat?")
    assert vectors.sentences.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors.sentences, axis=1), 1, atol=1e-5)
    assert int(np.argmax(vectors.sentences @ asked)) == 1
    assert np.abs(vectors.passage - embedder.texts([whole.embedded])[0]).max() < 1e-6

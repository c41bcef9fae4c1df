"""What stands beside the pass: weights, neighbours, the map, tokens' stories, the vocabulary."""

from __future__ import annotations

import numpy as np

from llmtrace import embedding, weights
from llmtrace.families import Parts
from llmtrace.hooks import Recorder
from llmtrace.merges import merges
from llmtrace.models import LoadedModel
from llmtrace.names import TABLE
from llmtrace.store import Array
from llmtrace.weights import Named

_SURROUNDINGS = [name for name in TABLE if name.startswith(("neighbours.", "projection."))]


def beside(loaded: LoadedModel, ids: list[int], logits: Array, head: tuple[int, int], to: Recorder) -> Named:
    """Names and arrays; `logits`, (V), are the first step's, `head` the block and head that lessons show.

    What is dear is worked out only if one of its names is wanted.
    """
    parts = Parts(loaded.model)
    likeliest = embedding.largest(logits, weights.LIKELIEST)
    yield from weights.norms(parts)
    yield from weights.head(parts, head, loaded.card.small_block)
    yield from weights.unembedding(parts, likeliest)
    if any(to.wants(name) for name in _SURROUNDINGS):
        yield from _surroundings(loaded, np.array(ids, dtype=np.int32), likeliest)
    if loaded.tokenizer is not None and to.wants("tokens.merges"):
        yield "tokens.merges", merges(loaded.tokenizer, loaded.merge_ranks, ids)
    if loaded.entries is not None:
        yield "vocabulary.ends", np.cumsum([len(entry) for entry in loaded.entries], dtype=np.int32)
        yield "vocabulary.bytes", np.frombuffer(b"".join(loaded.entries), dtype=np.uint8)


def _surroundings(loaded: LoadedModel, tokens: Array, likeliest: Array) -> Named:
    table: Array = Parts(loaded.model).embedding.weight.detach().float().numpy()  # (V, D)
    near, cosine = embedding.nearest(table, tokens, known=loaded.embedding_lengths)
    yield "neighbours.token", near
    yield "neighbours.cosine", cosine
    ids = embedding.mapped(tokens, likeliest, near)
    yield "projection.token", ids
    yield "projection.row", table[ids]
    for name, array in embedding.project(table[ids]).items():
        yield f"projection.{name}", array

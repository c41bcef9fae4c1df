"""What goes with the pass: weights, lens, neighbours, the map, tokens' stories, the vocabulary."""

from __future__ import annotations

from itertools import chain, islice

import numpy as np
import torch

from llmtrace import embedding, weights
from llmtrace.hooks import Recorder
from llmtrace.lens import ends, lens, lens_names
from llmtrace.loading import LoadedModel
from llmtrace.merges import merges
from llmtrace.names import TABLE
from llmtrace.parts import Parts
from llmtrace.products import products
from llmtrace.store import Array
from llmtrace.weights import Named

_SURROUNDINGS = [name for name in TABLE if name.startswith(("neighbours.", "projection."))]


def extras(loaded: LoadedModel, ids: list[int], logits: Array, head: tuple[int, int], to: Recorder) -> Named:
    """Names and arrays; `logits`, (V), are the first step's, `head` the block and head that lessons show.

    What is dear is worked out only if one of its names is wanted.
    """
    parts = Parts(loaded.model)
    likeliest = embedding.largest(logits, weights.LIKELIEST)
    yield from weights.norms(parts)
    yield from weights.head(parts, head, loaded.card.small_block)
    yield from weights.unembedding(parts, likeliest)
    yield from _over_the_vocabulary(loaded, np.array(ids, dtype=np.int32), logits, likeliest, to)
    if loaded.tokenizer is not None and to.wants("tokens.merges"):
        yield "tokens.merges", merges(loaded.tokenizer, loaded.merge_ranks, ids)
    if loaded.entries is not None:
        yield "vocabulary.ends", np.cumsum([len(entry) for entry in loaded.entries], dtype=np.int32)
        yield "vocabulary.bytes", np.frombuffer(b"".join(loaded.entries), dtype=np.uint8)


def _over_the_vocabulary(
    loaded: LoadedModel, tokens: Array, logits: Array, likeliest: Array, to: Recorder
) -> Named:
    """The lens, the neighbours and the map.

    Lens and neighbours each multiply rows by a table of the whole vocabulary. To read it takes a good part of
    a pass, so where a model ties its two tables, as GPT-2 does, both share one reading.
    """
    parts = Parts(loaded.model)
    table = parts.embedding.weight  # (V, D)
    looks = any(to.wants(name) for block in range(loaded.card.blocks) for name in lens_names(block))
    around = any(map(to.wants, _SURROUNDINGS))
    streams = ends(parts, to) if looks else table[:0]
    rows = table[np.unique(tokens)] if around else table[:0]
    if parts.unembedding is table:
        dots = products(table, torch.cat([streams, rows]))
    else:
        dots = chain(products(parts.unembedding, streams), products(table, rows))
    if looks:
        yield from lens(chain(islice(dots, len(streams)), [logits.copy()]))
    if around:
        near, cosine = embedding.nearest(tokens, dots, loaded.embedding_lengths)
        yield "neighbours.token", near
        yield "neighbours.cosine", cosine
        ids = embedding.mapped(tokens, likeliest, near)
        shown: Array = table[ids].float().numpy()
        yield "projection.token", ids
        yield "projection.row", shown
        for name, array in embedding.project(shown).items():
            yield f"projection.{name}", array

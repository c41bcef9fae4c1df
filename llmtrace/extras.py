"""What goes with the pass: weights, lens, neighbours, the map, tokens' stories, the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np
import torch

from llmtrace import weights
from llmtrace.embedding import largest, mapped, nearest, project
from llmtrace.hooks import Recorder
from llmtrace.lens import ends, lens, wants_lens
from llmtrace.loading import LoadedModel
from llmtrace.merges import merges
from llmtrace.names import SURROUNDINGS
from llmtrace.neurons import PROMOTES, Neurons
from llmtrace.parts import Parts
from llmtrace.products import products
from llmtrace.store import Array
from llmtrace.weights import Named


def extras(loaded: LoadedModel, ids: list[int], logits: Array, head: tuple[int, int], to: Recorder) -> Named:
    """Names and arrays; `logits`, (V), are the first step's, `head` the block and head that lessons show.

    What is dear is worked out only if one of its names is wanted.
    """
    parts = Parts(loaded.model)
    likeliest = largest(logits, weights.LIKELIEST)
    yield from weights.norms(parts)
    yield from weights.head(parts, head, loaded.card.small_block)
    if loaded.card.small_feed_forward:
        yield from weights.feed_forward(parts, head[0])
    yield from weights.unembedding(parts, likeliest)
    loudest = Neurons(parts, head[0], to.last[f"fired.{head[0]}"])
    yield from loudest.kept()
    yield from _over_the_vocabulary(loaded, np.array(ids, dtype=np.int32), logits, likeliest, loudest, to)
    if loaded.tokenizer is not None and to.wants("tokens.merges"):
        yield "tokens.merges", merges(loaded.tokenizer, loaded.merge_ranks, ids)
    if loaded.entries is not None:
        yield "vocabulary.ends", np.cumsum([len(entry) for entry in loaded.entries], dtype=np.int32)
        yield "vocabulary.bytes", np.frombuffer(b"".join(loaded.entries), dtype=np.uint8)


def _over_the_vocabulary(
    loaded: LoadedModel, tokens: Array, logits: Array, likeliest: Array, loudest: Neurons, to: Recorder
) -> Named:
    """Lens, neurons, neighbours and map: what multiplies rows by a table of the whole vocabulary."""
    parts = Parts(loaded.model)
    table = parts.embedding.weight  # (V, D)
    looks = wants_lens(parts, to)
    around = any(map(to.wants, SURROUNDINGS))
    distinct, place = np.unique(tokens, return_inverse=True)
    read = to.last["lens"] if looks else table[:0, :0]  # in the pass itself
    streams = ends(parts, to)[len(read) :] if looks else table[:0]
    pushing = loudest.rows if any(map(to.wants, PROMOTES)) else table[:0]
    dots = _dots(parts, torch.cat([streams, pushing]), table[distinct] if around else table[:0])
    for block, row in enumerate(chain(read.float().numpy(), islice(dots, len(streams)))):
        yield from lens(block, row)
    if pushed := list(islice(dots, len(pushing))):
        yield from loudest.promotes(pushed)
    lengths = loaded.embedding_lengths
    near = [nearest(int(token), row, lengths) for token, row in zip(distinct, dots, strict=False)]
    if looks:
        yield from lens(loaded.card.blocks - 1, logits)
    if around:
        neighbours, cosines = (np.stack(found)[place] for found in zip(*near, strict=True))  # (T, N)
        yield "neighbours.token", neighbours
        yield "neighbours.cosine", cosines
        ids = mapped(tokens, likeliest, neighbours)
        shown: Array = table[ids].float().numpy()
        yield "projection.token", ids
        yield "projection.row", shown
        for name, array in project(shown).items():
            yield f"projection.{name}", array


def _dots(parts: Parts, read: torch.Tensor, rows: torch.Tensor) -> Iterator[Array]:
    """Products of what is read with the unembedding, (V) each, then of each row with the embedding.

    GPT-2 ties the two tables: one reading of it then serves both, which for 12 tokens of GPT-2 small takes
    72 ms where two take 120.
    """
    if parts.unembedding is parts.embedding.weight:
        yield from products(parts.unembedding, torch.cat([read, rows]))
    else:
        yield from products(parts.unembedding, read)
        yield from products(parts.embedding.weight, rows)

"""What pictures need beside the pass: the shown head's weights, neighbours, a map, tokens' stories."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from llmtrace.families import Parts
from llmtrace.hooks import Recorder
from llmtrace.models import LoadedModel
from llmtrace.names import block
from llmtrace.store import Array
from llmtrace.tokens import merges

NEAREST = 8  # neighbours of each prompt token
LIKELIEST = 10  # tokens whose unembedding rows are kept
MAPPED = 40  # distinct prompt tokens that are put on the map, with their neighbours

Named = Iterator[tuple[str, Array]]


def beside(loaded: LoadedModel, ids: list[int], logits: Array, head: tuple[int, int], to: Recorder) -> Named:
    """Names and arrays; `logits`, (V), are the first step's, `head` the block and head that lessons show.

    The prompt's rows of the embedding and position tables are not among them: they are `embed.token` and
    `embed.position`. A part is worked out only if one of its names is wanted.
    """
    parts = Parts(loaded.model)
    yield from _norms(parts)
    if to.wants("weight.q") or to.wants("weight.o"):
        yield from _head(parts, head)
    likeliest = np.argsort(-logits, kind="stable")[:LIKELIEST].astype(np.int32)
    if to.wants("weight.unembedding"):
        yield "weight.unembedding", parts.unembedding[torch.from_numpy(likeliest).long()].float().numpy()
        yield "weight.unembedding_token", likeliest
    if to.wants("neighbours.token") or to.wants("projection.point"):
        table = parts.embedding.weight.detach()  # (V, D)
        token, cosine = _nearest(table, ids)
        yield "neighbours.token", token
        yield "neighbours.cosine", cosine
        shown = list(dict.fromkeys(ids))[:MAPPED]
        near = [int(n) for i in shown for n in token[ids.index(i)]]
        yield from _projection(table, list(dict.fromkeys([*shown, *near, *likeliest.tolist()])))
    if loaded.tokenizer is not None and to.wants("tokens.merges"):
        yield "tokens.merges", merges(loaded.tokenizer, loaded.merge_ranks, ids)
    if loaded.entries is not None:
        yield "vocabulary.ends", np.cumsum([len(entry) for entry in loaded.entries], dtype=np.int32)
        yield "vocabulary.bytes", np.frombuffer(b"".join(loaded.entries), dtype=np.uint8)


def _norms(parts: Parts) -> Named:
    named = {"ln_f": parts.final_norm}
    for index in range(len(parts.blocks)):
        for name, module in zip(("ln1", "ln2"), parts.norms(index), strict=True):
            named[block(index, name)] = module
    for name, module in named.items():
        yield f"{name}.weight", module.weight.detach().float().numpy()
        if getattr(module, "bias", None) is not None:
            yield f"{name}.bias", module.bias.detach().float().numpy()


def _head(parts: Parts, shown: tuple[int, int]) -> Named:
    """W_Q, W_K, W_V as (D, K) and W_O as (K, D) of one head; keys and values are those of its group."""
    index, head = shown
    yield "weight.head", np.array(shown, dtype=np.int32)
    projections = parts.projections_in(index)
    heads = projections["q"][0].shape[1]
    for letter, (weight, bias) in projections.items():
        group = head * weight.shape[1] // heads
        yield f"weight.{letter}", weight[:, group].detach().float().numpy()
        if bias is not None:
            yield f"weight.{letter}_bias", bias[group].detach().float().numpy()
    yield "weight.o", parts.projection(index, heads)[head].detach().float().numpy()


def _nearest(table: torch.Tensor, ids: list[int]) -> tuple[Array, Array]:
    """Each token's nearest others by cosine: ids and cosines, (T, N), the nearest first."""
    length = table.norm(dim=1).clamp_min(1e-12)  # (V)
    count = min(NEAREST, len(table) - 1)
    distinct = list(dict.fromkeys(ids))
    found: dict[int, tuple[Array, Array]] = {}
    for start in range(0, len(distinct), 64):  # in pieces: all at once would be T × V
        some = torch.tensor(distinct[start : start + 64])
        cosine = table[some] @ table.T / length / length[some, None]  # (≤ 64, V)
        cosine[torch.arange(len(some)), some] = -2.0  # not itself
        top = cosine.topk(count, sorted=True)
        for i, token, value in zip(some.tolist(), top.indices.int(), top.values.float(), strict=True):
            found[i] = (token.numpy(), value.numpy())
    return np.stack([found[i][0] for i in ids]), np.stack([found[i][1] for i in ids])


def _projection(table: torch.Tensor, ids: list[int]) -> Named:
    """Principal component analysis (Pearson 1901) of the points' embedding rows.

    An axis may point either way; it is turned so that its largest entry is positive.
    """
    rows = table[torch.tensor(ids)].double().numpy()  # (P, D)
    mean = rows.mean(0)
    _, sizes, axes = np.linalg.svd(rows - mean, full_matrices=False)
    count = min(3, len(sizes))
    axes = axes[:count]
    axes *= np.sign(axes[np.arange(count), np.abs(axes).argmax(1)])[:, None]
    total = max(float((sizes**2).sum()), 1e-30)
    yield "projection.token", np.array(ids, dtype=np.int32)
    yield "projection.point", ((rows - mean) @ axes.T).astype(np.float32)
    yield "projection.axis", axes.astype(np.float32)
    yield "projection.mean", mean.astype(np.float32)
    yield "projection.explained", (sizes[:count] ** 2 / total).astype(np.float32)

"""The identities of what stands beside the pass: weights, neighbours, projection, merges.

Each is checked where the trace has what it speaks of; which weights a trace keeps depends on its model.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from llmtrace.merges import steps_at
from llmtrace.trace import Array, Trace, block

Pair = tuple[
    str, str, str, Array, Array
]  # of, formula, the tensor that is checked, its values, those expected


def identities(trace: Trace) -> Iterator[Pair]:
    """What must be equal: a tensor's values and those that follow from the others."""
    yield from _norms(trace)
    for name in trace.names("block.*.head.*.W_Q"):
        yield from _head(trace, int(name.split(".")[1]), int(name.split(".")[3]))
    yield from _projection(trace)
    if "unembedding.rows" in trace and "ln_f.out" in trace:
        rows, ids = _exact(trace, "unembedding.rows"), trace["unembedding.ids"]
        yield (
            "output",
            "logit = ln_f.out · unembedding row",
            "logits",
            trace["logits"][ids],
            rows @ _exact(trace, "ln_f.out")[-1],
        )
    if "embedding.rows" in trace:
        yield from _embedding(trace)
    if "merges.ends" in trace and "vocabulary.ends" in trace:
        yield from _merges(trace)


def _exact(trace: Trace, name: str) -> Array:
    return trace[name].astype(np.float64)


def _norms(t: Trace) -> Iterator[Pair]:
    for weight in t.names("*.weight"):
        name = weight.removesuffix(".weight")
        if f"{name}.bias" in t:
            out = _exact(t, f"{name}.normalized") * t[weight] + t[f"{name}.bias"]
            yield "layer norm", "out = normalized · weight + bias", f"{name}.out", t[f"{name}.out"], out


def _head(t: Trace, index: int, head: int) -> Iterator[Pair]:
    x = _exact(t, block(index, "ln1.out"))  # (T, D)
    for letter in "QKV":
        part = block(index, f"head.{head:02d}.")
        made = x @ t[f"{part}W_{letter}"] + t[f"{part}b_{letter}"]  # (T, K)
        name = block(index, f"attn.{letter.lower()}")
        yield "attention", f"{letter.lower()} = ln1.out · W_{letter} + b_{letter}", name, t[name][head], made


def _projection(t: Trace) -> Iterator[Pair]:
    """The output of attention, for a block of which every head's W_O is kept."""
    for bias in t.names("block.*.attn.b_O"):
        index = int(bias.split(".")[1])
        maps = t.names(block(index, "head.*.W_O"))
        context = _exact(t, block(index, "attn.context"))  # (H, T, K)
        if len(maps) == len(context):
            out = sum((context[head] @ t[name] for head, name in enumerate(maps)), t[bias].astype(np.float64))
            name = block(index, "attn.out")
            yield "attention", "out = Σ context · W_O + b_O", name, t[name], out


def _embedding(t: Trace) -> Iterator[Pair]:
    rows, ids = _exact(t, "embedding.rows"), t["embedding.ids"]  # (R, D), (R)
    place = {int(token): row for row, token in enumerate(ids)}
    tokens = t["tokens"].tolist()
    kept = [position for position, token in enumerate(tokens) if token in place]
    if "embed.token" in t:
        expected = rows[[place[tokens[position]] for position in kept]]
        name = "embed.token"
        yield "embedding", "a token's vector is its row of the embedding", name, t[name][kept], expected

    lengths = np.linalg.norm(rows, axis=1)
    unit = rows / np.where(lengths, lengths, 1.0)[:, None]
    found, expected_cosines = [], []
    for position in kept:
        for near, cosine in zip(
            t["neighbours.ids"][position].tolist(), t["neighbours.cosine"][position].tolist(), strict=True
        ):
            if near in place:
                found.append(cosine)
                expected_cosines.append(unit[place[tokens[position]]] @ unit[place[near]])
    name = "neighbours.cosine"
    yield "embedding", "cosine of two rows", name, np.array(found), np.array(expected_cosines)

    centred = rows - rows.mean(0)
    points = centred @ _exact(t, "embedding.components").T  # (R, C)
    yield "projection", "mean of the rows", "embedding.mean", t["embedding.mean"], rows.mean(0)
    name = "embedding.points"
    yield "projection", "points = (rows − mean) · components", name, t[name], points
    share = (points**2).sum(0) / ((centred**2).sum() or 1.0)
    name = "embedding.explained"
    yield "projection", "explained = share of the variance", name, t[name], share


def _merges(t: Trace) -> Iterator[Pair]:
    """Each merge joins two pieces that stand side by side, and the last one makes the token."""
    made, expected = [], []
    for position, token in enumerate(t["tokens"].tolist()):
        steps = steps_at(t, position)
        for step in steps:
            made.append((t.token_bytes(step.left) or b"") + (t.token_bytes(step.right) or b""))
            expected.append(t.token_bytes(step.joined) or b"")
        if steps:
            made.append(t.token_bytes(steps[-1].joined) or b"")
            expected.append(t.token_bytes(token) or b"")
    equal = np.array([a == b for a, b in zip(made, expected, strict=True)], dtype=np.float64)
    yield "tokens", "merges join bytes into the token", "merges.joined", equal, np.ones_like(equal)

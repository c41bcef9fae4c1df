"""Rules for what goes with the pass: norms' gains, the shown head's weights, lens, map, tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from llmtrace.identities import Rule, TracePart
from llmtrace.merges import steps_at
from llmtrace.meta import ModelCard
from llmtrace.sampling import softmax
from llmtrace.trace import Array, block


def gains(v: TracePart) -> tuple[Array, Array]:
    """A norm's output, and its normalized input times its gain, plus its shift where it has one."""
    made = v.wide("normalized") * v.learned("weight")
    return v["out"], made + v.learned("bias") if v.card.layer_norm else made


GAIN = (Rule("norms", "out = normalized · weight + bias", gains),)


def _through(letter: str) -> Callable[[TracePart], tuple[Array, Array]]:
    """The shown head's queries, keys or values, and the norm's output through its weights."""

    def sides(v: TracePart) -> tuple[Array, Array]:
        index, head = (int(i) for i in v["weight.head"])
        taken = v[block(index, f"attn.{letter}{_unrotated(v.card, letter)}")]  # (heads, T, K)
        made = v.wide(block(index, "ln1.out")) @ v.wide(f"weight.{letter}")
        return taken[head * len(taken) // v.card.heads], made + _bias(v, f"weight.{letter}_bias")

    return sides


def _through_all(letter: str) -> Callable[[TracePart], tuple[Array, Array]]:
    """The same of every head of the block."""

    def sides(v: TracePart) -> tuple[Array, Array]:
        index = int(v["weight.head"][0])
        made = v.wide(block(index, "ln1.out")) @ v.wide(f"weight.block.{letter}")  # (heads, T, K)
        bias = np.expand_dims(_bias(v, f"weight.block.{letter}_bias"), -2)
        return v[block(index, f"attn.{letter}{_unrotated(v.card, letter)}")], made + bias

    return sides


def _out(v: TracePart) -> tuple[Array, Array]:
    """The output of attention, and the sum of what each head's context becomes through its rows of W_O."""
    index = int(v["weight.head"][0])
    heads = v.wide(block(index, "attn.context")) @ v.wide("weight.block.o")  # (H, T, D)
    return v[block(index, "attn.out")], heads.sum(0) + _bias(v, "weight.o_bias")


def _shown_rows(v: TracePart) -> tuple[Array, Array]:
    return v["weight.o"], v["weight.block.o"][int(v["weight.head"][1])]


def _unrotated(card: ModelCard, letter: str) -> str:
    return "_unrotated" if card.rotary and letter in "qk" else ""


def _bias(v: TracePart, name: str) -> Array:
    """A bias, or 0 where the model has none."""
    return v.wide(name) if name in v.trace else np.zeros(1)


def _kept_logits(v: TracePart) -> tuple[Array, Array]:
    return v["logits"][v["weight.unembedding_token"]], v.wide("weight.unembedding") @ v.wide("ln_f.out")[-1]


def weights(card: ModelCard) -> list[Rule]:
    """Those that the kept weights allow. Qwen 3 norms its queries and keys in between."""
    letters = "v" if card.family == "qwen3" else "qkv"
    rules = [Rule("weights", f"{x} = ln1.out · W_{x.upper()}", _through(x)) for x in letters]
    if card.small_block:
        rules += [
            Rule("weights", f"{x} of every head = ln1.out · W_{x.upper()}", _through_all(x)) for x in letters
        ]
        rules.append(Rule("weights", "attn.out = Σ context · W_O", _out))
        rules.append(Rule("weights", "the shown head's W_O is that of its block", _shown_rows, exact=True))
    return [*rules, Rule("weights", "logits = ln_f.out · unembedding rows", _kept_logits)]


def _last_lens(v: TracePart) -> tuple[Array, Array]:
    name = f"lens.{v.card.blocks - 1:02d}"
    return v[f"{name}.probability"], softmax(v["logits"])[v[f"{name}.token"]]


def _falling(v: TracePart) -> tuple[Array, Array]:
    rows = np.stack([v[f"lens.{index:02d}.probability"] for index in range(v.card.blocks)])
    return rows, -np.sort(-rows, axis=-1)


LENS = (
    Rule("lens", "after the last block it is the output", _last_lens),
    Rule("lens", "the likeliest come first", _falling, exact=True),
)


def _rows(v: TracePart) -> tuple[Array, Array]:
    """The embedding of the prompt's tokens that are on the map, and their rows there."""
    place = {int(token): at for at, token in enumerate(v["projection.token"])}
    shown = [t for t, token in enumerate(v["tokens"]) if int(token) in place]
    return v["embed.token"][shown], v["projection.row"][[place[int(v["tokens"][t])] for t in shown]]


def _centre(v: TracePart) -> tuple[Array, Array]:
    return v["projection.mean"], v.wide("projection.row").mean(0)


def _points(v: TracePart) -> tuple[Array, Array]:
    centred = v.wide("projection.row") - v.wide("projection.mean")
    return v["projection.point"], centred @ v.wide("projection.axis").T


def _upright(v: TracePart) -> tuple[Array, Array]:
    axis = v.wide("projection.axis")
    return axis @ axis.T, np.eye(len(axis))


def _shares(v: TracePart) -> tuple[Array, Array]:
    """What is said of each axis, and its points' share of the rows' whole variance."""
    rows = v.wide("projection.row")
    whole = float(((rows - rows.mean(0)) ** 2).sum()) or 1.0
    return v["projection.explained"], (v.wide("projection.point") ** 2).sum(0) / whole


def _falling_cosines(v: TracePart) -> tuple[Array, Array]:
    cosine = v["neighbours.cosine"]
    return cosine, -np.sort(-np.clip(cosine, -1.0, 1.0), axis=-1)


def _cosines(v: TracePart) -> tuple[Array, Array]:
    """The cosines of a token and a neighbour whose rows are both kept, and those of the rows."""
    place = {int(token): at for at, token in enumerate(v["projection.token"])}
    rows = v.wide("projection.row")
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = rows / np.where(length, length, 1.0)
    said, found = [], []
    for t, token in enumerate(v["tokens"].tolist()):
        for near, cosine in zip(v["neighbours.token"][t].tolist(), v["neighbours.cosine"][t], strict=True):
            if token in place and near in place:
                said.append(float(cosine))
                found.append(float(unit[place[token]] @ unit[place[near]]))
    return np.array(said), np.array(found)


MAP = (
    Rule("map", "rows of the prompt's tokens are their embedding", _rows, exact=True),
    Rule("map", "mean of the rows", _centre),
    Rule("map", "point = (row − mean) · axis", _points),
    Rule("map", "axes of length 1, at right angles", _upright),
    Rule("map", "explained = share of the rows' variance", _shares),
    Rule("neighbours", "cosines fall, and none passes 1", _falling_cosines),
    Rule("neighbours", "cosine = that of the two rows", _cosines),
)


def _text(v: TracePart) -> tuple[Array, Array]:
    """The bytes of the prompt's tokens, and those of the prompt, as its tokenizer's normalizers left it.

    Tokens that a template put in are left out, and the one for what is unknown stands for anything; of a
    prompt of ids, the tokens' own bytes are expected.
    """
    meta, how = v.trace.meta, v.trace.meta.spelling
    pieces: list[bytes | None] = [
        None if token == how.unknown else v.trace.token_bytes(token) or b""
        for place, token in enumerate(v["tokens"].tolist())
        if place not in how.added
    ]
    if meta.prompt is None:
        return _bytes(b""), _bytes(b"")
    text = how.text if how.text is not None and how.normalizers else meta.prompt
    if how.loose:
        pieces = [piece if piece is None else _without_space(piece) for piece in pieces]
    expected = _without_space(text.encode()) if how.loose else text.encode()
    if None not in pieces:
        return _bytes(b"".join(filter(None, pieces))), _bytes(expected)
    return np.array([float(spells(pieces, expected))]), np.ones(1)


def _without_space(text: bytes) -> bytes:
    letters = text.decode(errors="surrogateescape")
    return "".join(letter for letter in letters if not letter.isspace()).encode(errors="surrogateescape")


def spells(pieces: Sequence[bytes | None], text: bytes) -> bool:
    """Whether pieces make up a text, of which None stands for one byte or more, whichever they are."""
    runs = [b""]  # what is known, between the unknown ones
    for piece in pieces:
        if piece is None:
            runs.append(b"")
        else:
            runs[-1] += piece
    if len(runs) == 1:
        return runs[0] == text
    if not text.startswith(runs[0]):
        return False
    at = len(runs[0])
    for run in runs[1:-1]:  # the first place will do: what is left for the others is then the most
        found = text.find(run, at + 1)
        if found < 0:
            return False
        at = found + len(run)
    return text.endswith(runs[-1]) and len(text) - len(runs[-1]) > at


def _grown(v: TracePart) -> tuple[Array, Array]:
    """The bytes that each token's merges make from its letters, joining two neighbours at a time.

    The letters are single bytes; of a tokenizer that begins with characters, those.
    """
    made, expected = b"", b""
    for place, token in enumerate(v["tokens"].tolist()):
        steps, whole = steps_at(v.trace, place), v.trace.token_bytes(token) or b""
        pieces = [bytes([byte]) for byte in whole]
        if len(steps) != len(whole) - 1:
            pieces = [character.encode() for character in whole.decode(errors="replace")]
        for step in steps:
            if pieces[step.at : step.at + 2] != [v.trace.token_bytes(i) for i in (step.left, step.right)]:
                return np.zeros(1), np.ones(1)
            pieces[step.at : step.at + 2] = [v.trace.token_bytes(step.joined) or b""]
        made += b"".join(pieces)
        expected += whole
    return _bytes(made), _bytes(expected)


def _bytes(text: bytes) -> Array:
    return np.frombuffer(text, dtype=np.uint8)


TOKENS = (
    Rule("tokens", "their bytes are the prompt's", _text, exact=True),
    Rule("tokens", "merges make them from their letters", _grown, exact=True),
)

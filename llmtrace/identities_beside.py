"""Rules for what stands beside the pass: norms' gains, the shown head's weights, lens, map, tokens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from llmtrace.identities import Rule, View
from llmtrace.meta import ModelCard
from llmtrace.sampling import softmax
from llmtrace.trace import Array, block


def gains(v: View) -> tuple[Array, Array]:
    """A norm's output, and its normalized input times its gain, plus its shift where it has one."""
    made = v.wide("normalized") * v.learned("weight")
    return v["out"], made + v.learned("bias") if v.card.layer_norm else made


GAIN = (Rule("norms", "out = normalized · weight + bias", gains),)


def _projected(letter: str) -> Callable[[View], tuple[Array, Array]]:
    """The shown head's queries, keys or values, and the norm's output through its weights."""
    return lambda v: _through_weights(v, letter)


def _through_weights(v: View, letter: str) -> tuple[Array, Array]:
    index, head = (int(i) for i in v["weight.head"])
    unrotated = "_unrotated" if v.card.rotary and letter in "qk" else ""
    taken = v[block(index, f"attn.{letter}{unrotated}")]  # (heads, T, K)
    made = v.wide(block(index, "ln1.out")) @ v.wide(f"weight.{letter}")
    if f"weight.{letter}_bias" in v.trace:
        made += v.wide(f"weight.{letter}_bias")
    return taken[head * len(taken) // v.card.heads], made


def _kept_logits(v: View) -> tuple[Array, Array]:
    return v["logits"][v["weight.unembedding_token"]], v.wide("weight.unembedding") @ v.wide("ln_f.out")[-1]


def weights(card: ModelCard) -> tuple[Rule, ...]:
    """Those that the shown head's weights allow. Qwen 3 norms its queries and keys in between."""
    letters = "v" if card.family == "qwen3" else "qkv"
    return (
        *(
            Rule("weights", f"{letter} = ln1.out · W_{letter.upper()}", _projected(letter))
            for letter in letters
        ),
        Rule("weights", "logits = ln_f.out · unembedding rows", _kept_logits),
    )


def _last_lens(v: View) -> tuple[Array, Array]:
    name = f"lens.{v.card.blocks - 1:02d}"
    return v[f"{name}.probability"], softmax(v["logits"])[v[f"{name}.token"]]


def _falling(v: View) -> tuple[Array, Array]:
    rows = np.stack([v[f"lens.{index:02d}.probability"] for index in range(v.card.blocks)])
    return rows, -np.sort(-rows, axis=-1)


LENS = (
    Rule("lens", "after the last block it is the output", _last_lens),
    Rule("lens", "the likeliest come first", _falling, exact=True),
)


def _on_the_map(v: View) -> tuple[Array, Array]:
    """Where the prompt's tokens stand on the map, and their embedding rows put on its axes."""
    place = {int(token): at for at, token in enumerate(v["projection.token"])}
    shown = [t for t, token in enumerate(v["tokens"]) if int(token) in place]
    points = v["projection.point"][[place[int(v["tokens"][t])] for t in shown]]
    return points, (v.wide("embed.token")[shown] - v.wide("projection.mean")) @ v.wide("projection.axis").T


def _upright(v: View) -> tuple[Array, Array]:
    axis = v.wide("projection.axis")
    return axis @ axis.T, np.eye(len(axis))


def _shares(v: View) -> tuple[Array, Array]:
    """The points' spread along the axes, each over the first's: as explained, and as the points lie."""
    spread, explained = (v.wide("projection.point") ** 2).sum(0), v.wide("projection.explained")
    return explained / explained[0], spread / spread[0]


def _cosines(v: View) -> tuple[Array, Array]:
    cosine = v["neighbours.cosine"]
    return cosine, -np.sort(-np.clip(cosine, -1.0, 1.0), axis=-1)


MAP = (
    Rule("map", "point = (embedding − mean) · axis", _on_the_map),
    Rule("map", "axes of length 1, at right angles", _upright),
    Rule("map", "explained = spread along each axis", _shares),
    Rule("neighbours", "cosines fall, and none passes 1", _cosines),
)


def _text(v: View) -> tuple[Array, Array]:
    """The bytes of the prompt's tokens, and those of the prompt; of a prompt of ids, the tokens' own."""
    spelt = b"".join(v.trace.token_bytes(int(token)) or b"" for token in v["tokens"])
    known = v.trace.meta.prompt is not None and v.trace.meta.spans
    return _bytes(spelt), _bytes((v.trace.meta.prompt or "").encode() if known else spelt)


def _grown(v: View) -> tuple[Array, Array]:
    """The bytes that each merge makes, and those of its two pieces, one after the other."""
    made, joined = b"", b""
    for _, left, right, whole in v["tokens.merges"].tolist():
        made += v.trace.token_bytes(whole) or b""
        joined += (v.trace.token_bytes(left) or b"") + (v.trace.token_bytes(right) or b"")
    return _bytes(made), _bytes(joined)


def _last_merges(v: View) -> tuple[Array, Array]:
    """What the last merge of each place makes, and the token that stands there."""
    last = {place: whole for place, _, _, whole in v["tokens.merges"].tolist()}
    return np.array(list(last.values())), v["tokens"][list(last)]


def _bytes(text: bytes) -> Array:
    return np.frombuffer(text, dtype=np.uint8)


TOKENS = (
    Rule("tokens", "their bytes are the prompt's", _text, exact=True),
    Rule("tokens", "a merge's bytes are its pieces' bytes", _grown, exact=True),
    Rule("tokens", "the last merge makes the token", _last_merges, exact=True),
)

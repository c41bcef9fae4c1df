"""How large a trace will be, told before it is made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

from llmtrace.embedding import POINTS
from llmtrace.meta import ModelCard
from llmtrace.names import TABLE, block, described, wanted
from llmtrace.neurons import LOUDEST, PROMOTED
from llmtrace.weights import LIKELIEST

_ROTARY = ("rotary.*", "*_unrotated")
_LEARNED = ("embed.position", "embed.sum")
_GATED = ("*.mlp.gate", "*.mlp.up", "*.mlp.gated")
_LAYER_NORM = ("*ln?.mean", "*ln?.std", "ln_f.mean", "ln_f.std")
_RMS_NORM = ("*ln?.rms", "ln_f.rms")
_PASS = ("embed.", "rotary.", "block.", "ln_f.", "logits")


def expected_bytes(
    card: ModelCard,
    tokens: int,
    new_tokens: int = 4,
    only: Sequence[str] = (),
    dtype: str = "float32",
    trace_steps: str = "first",
) -> int:
    """About how many bytes a trace's tensors take, of a prompt of so many tokens; see `llmtrace.capture`.

    Counts what flows through the model, the choices, the shown head's weights and the words: nearly all.
    """
    steps = max(1, min(new_tokens, card.context - tokens + 1))
    kept = {"first": [0], "last": [steps - 1], "all": list(range(steps))}[trace_steps]
    numbers = 0
    for alike in _of_a_pass(card):
        many = sum(wanted(name, only) for name in alike) if only else len(alike)
        numbers += sum(many * _numbers(card, alike[0], tokens + step) for step in kept)
    numbers += sum(size for name, size in _beside(card).items() if wanted(name, only))
    row = steps * card.vocabulary
    choices = {"generated.logits": 4 * row, "generated.probability": 4 * row, "generated.cut": row}
    words = 11 * card.vocabulary  # a token's bytes, and where they end
    width = 2 if dtype == "float16" else 4
    return width * numbers + sum(size for name, size in choices.items() if wanted(name, only)) + words


def _beside(card: ModelCard) -> dict[str, int]:
    """How many numbers the kept weights and the map have, as far as they are many."""
    head, keys = card.head_width * card.width, card.key_heads or card.heads
    every = {"q": card.heads, "k": keys, "v": keys, "o": card.heads} if card.small_block else {}
    both = ("up", "down") if card.small_feed_forward else ()
    return {
        **{f"weight.{letter}": head for letter in "qkvo"},
        **{f"weight.block.{letter}": heads * head for letter, heads in every.items()},
        **{f"weight.block.{name}": card.width * card.mlp_width for name in both},
        "neurons.input": LOUDEST * card.width,
        "neurons.output": LOUDEST * card.width,
        "neurons.promotes.unembedding": LOUDEST * PROMOTED * card.width,
        "weight.unembedding": LIKELIEST * card.width,
        "projection.row": POINTS * card.width,
    }


def of_a_pass(card: ModelCard) -> list[str]:
    """The names of the tensors that flow through a model in one pass."""
    return [name for alike in _of_a_pass(card) for name in alike]


@cache
def _of_a_pass(card: ModelCard) -> tuple[tuple[str, ...], ...]:
    """The same, those of one kind from all blocks together; kept, as each of a model's traces asks for it."""
    left_out = [
        *(_LEARNED if card.rotary else _ROTARY),
        *(("*.mlp.pre",) if card.gated else _GATED),
        *(_RMS_NORM if card.layer_norm else _LAYER_NORM),
        *(("*.resid_mid",) if card.parallel else ()),
        *("*.weight", "*.bias"),  # the same in every pass
    ]
    both = [pattern[4:] for pattern in TABLE if pattern.startswith("*ln?")]
    kinds = [*TABLE, *(f"block.*.{norm}{rest}" for norm in ("ln1", "ln2") for rest in both)]
    flowing = [
        kind
        for kind in kinds
        if kind.startswith(_PASS) and not any(fnmatchcase(kind, out) for out in left_out)
    ]
    return tuple(
        tuple(block(index, kind.removeprefix("block.*.")) for index in range(card.blocks))
        if kind.startswith("block.*.")
        else (kind,)
        for kind in flowing
    )


def _numbers(card: ModelCard, name: str, tokens: int) -> int:
    """How many numbers one tensor of a pass has."""
    sizes = {
        "T": tokens,
        "D": card.width,
        "H": card.heads,
        "G": card.key_heads or card.heads,
        "K": card.head_width,
        "R": card.head_width,
        "F": card.mlp_width,
        "V": card.vocabulary,
        "C": card.heads * card.head_width,
    }
    return math.prod(sizes[letter] for letter in described(name)[0])

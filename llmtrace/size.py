"""How large a trace will be, told before it is made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from llmtrace.embedding import POINTS
from llmtrace.meta import ModelCard
from llmtrace.names import TABLE, block, described, wanted
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
    names = [name for name in of_a_pass(card) if wanted(name, only)]
    numbers = sum(_numbers(card, name, tokens + step) for step in kept for name in names)
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
    return {
        **{f"weight.{letter}": head for letter in "qkvo"},
        **{f"weight.block.{letter}": heads * head for letter, heads in every.items()},
        "weight.unembedding": LIKELIEST * card.width,
        "projection.row": POINTS * card.width,
    }


def of_a_pass(card: ModelCard) -> Iterator[str]:
    """The names of the tensors that flow through a model in one pass."""
    left_out = [
        *(_LEARNED if card.rotary else _ROTARY),
        *(("*.mlp.pre",) if card.gated else _GATED),
        *(_RMS_NORM if card.layer_norm else _LAYER_NORM),
        *(("*.resid_mid",) if card.parallel else ()),
        *("*.weight", "*.bias"),  # the same in every pass
    ]
    for pattern in TABLE:
        kinds = (
            [f"block.*.{norm}{pattern[4:]}" for norm in ("ln1", "ln2")]
            if pattern.startswith("*ln?")
            else [pattern]
        )
        for kind in kinds:
            if kind.startswith(_PASS) and not any(fnmatchcase(kind, out) for out in left_out):
                of_block = kind.removeprefix("block.*.")
                yield from [kind] if of_block == kind else (block(i, of_block) for i in range(card.blocks))


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

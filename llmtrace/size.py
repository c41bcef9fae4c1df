"""How large a trace will be, told before it is made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from llmtrace.meta import ModelCard
from llmtrace.names import TABLE, block, described, wanted

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

    Counts what flows through the model, the choices and the words, which are nearly all of it.
    """
    steps = max(1, min(new_tokens, card.context - tokens + 1))
    kept = {"first": [0], "last": [steps - 1], "all": list(range(steps))}[trace_steps]
    width = 2 if dtype == "float16" else 4
    numbers = sum(
        _numbers(card, name, tokens + step) for step in kept for name in of_a_pass(card) if wanted(name, only)
    )
    choices = sum(
        4 * steps * card.vocabulary for n in ("logits", "probability") if wanted(f"generated.{n}", only)
    )
    cut = steps * card.vocabulary if wanted("generated.cut", only) else 0
    return width * numbers + choices + cut + 11 * card.vocabulary  # a token's bytes, and where they end


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

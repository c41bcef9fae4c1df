"""One name per tensor, everywhere, and the axes of each. Imports nothing, so that scenes may use it.

Block and step indices are padded with zeros: `block.03.attn.pattern`, `step.02.logits`. A tensor that a
family of models lacks is absent from its traces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

LETTERS: dict[str, str] = {
    "T": "positions",
    "D": "model width",
    "H": "heads",
    "G": "heads of keys and values; fewer than H where queries share them",
    "K": "head width",
    "R": "rotated part of the head width",
    "F": "feed-forward width",
    "V": "vocabulary",
    "L": "blocks",
    "S": "generated steps",
    "E": "the neurons that put out most",
    "N": "likeliest tokens, or nearest ones",
    "M": "merges",
    "P": "points in the projection",
    "C": "columns, which the name's line explains",
    "B": "bytes",
}

# By the pattern of its name: the axes of a tensor and what it is.
TABLE: dict[str, tuple[str, str]] = {
    "tokens": ("T", "ids of the prompt"),
    "tokens.merges": (
        "M C",
        "byte-pair merges in order: the token's place, the left piece's, rank, ids of left, right, new",
    ),
    "embed.token": ("T D", "rows of the embedding table"),
    "embed.position": ("T D", "rows of the position table (GPT-2)"),
    "embed.sum": ("T D", "their sum (GPT-2)"),
    "rotary.cos": ("T R", "cosines of the rotary positions"),
    "rotary.sin": ("T R", "sines of the rotary positions"),
    "block.*.resid_pre": ("T D", "residual stream before the block"),
    "block.*.resid_mid": ("T D", "residual stream between attention and feed-forward"),
    "block.*.resid_post": ("T D", "residual stream after the block"),
    "*ln?.mean": ("T", "layer norm's mean"),
    "*ln?.std": ("T", "layer norm's spread, √(variance + ε)"),
    "*ln?.rms": ("T", "RMS norm's size, √(mean square + ε)"),
    "*ln?.normalized": ("T D", "the norm before its gain"),
    "*ln?.out": ("T D", "the norm's output"),
    "*ln?.weight": ("D", "the norm's learned gain"),
    "*ln?.bias": ("D", "the norm's learned shift"),
    "ln_f.mean": ("T", "final layer norm's mean"),
    "ln_f.std": ("T", "final layer norm's spread"),
    "ln_f.rms": ("T", "final RMS norm's size"),
    "ln_f.normalized": ("T D", "the final norm before its gain"),
    "ln_f.out": ("T D", "the final norm's output"),
    "ln_f.weight": ("D", "the final norm's learned gain"),
    "ln_f.bias": ("D", "the final norm's learned shift"),
    "block.*.attn.q_unrotated": ("H T K", "queries before their rotation (rotary families)"),
    "block.*.attn.k_unrotated": ("G T K", "keys before their rotation (rotary families)"),
    "block.*.attn.q": ("H T K", "queries, as they are scored"),
    "block.*.attn.k": ("G T K", "keys, as they are scored"),
    "block.*.attn.v": ("G T K", "values"),
    "block.*.attn.scores": ("H T T", "raw Q·K, rows are queries"),
    "block.*.attn.scaled": ("H T T", "divided by √K"),
    "block.*.attn.masked": ("H T T", "−∞ on the future"),
    "block.*.attn.pattern": ("H T T", "softmax, each row sums to 1"),
    "block.*.attn.context": ("H T K", "pattern · V"),
    "block.*.attn.concat": ("T C", "the heads side by side: H · K columns"),
    "block.*.attn.out": ("T D", "projected back to the model width"),
    "block.*.mlp.pre": ("T F", "before the activation"),
    "block.*.mlp.gate": ("T F", "the gate before its activation (gated families)"),
    "block.*.mlp.act": ("T F", "after the activation"),
    "block.*.mlp.up": ("T F", "what the gate lets through (gated families)"),
    "block.*.mlp.gated": ("T F", "act(gate) · up (gated families)"),
    "block.*.mlp.out": ("T D", "the feed-forward's output"),
    "logits": ("V", "of the last position"),
    "lens.*.token": ("N", "logit lens: the likeliest ids after this block, last position"),
    "lens.*.probability": ("N", "logit lens: their probabilities, over the whole vocabulary"),
    "heads.attribution": ("L H", "what each head carries from earlier positions to the chosen logit"),
    "generated.logits": ("S V", "of each step's last position"),
    "generated.cut": ("S V", "what took a token out of the draw: 0 nothing, 1 top-k, 2 top-p"),
    "generated.probability": ("S V", "what each step draws from"),
    "generated.draw": ("S", "the uniform number of each draw"),
    "generated.token": ("S", "the ids that were chosen"),
    "weight.head": ("C", "block and head whose weights follow: the one that lessons show"),
    "weight.q": ("D K", "its W_Q"),
    "weight.k": ("D K", "its W_K (that of its group, where keys are shared)"),
    "weight.v": ("D K", "its W_V"),
    "weight.o": ("K D", "its rows of W_O"),
    "weight.o_bias": ("D", "the bias of W_O, one for all heads"),
    "weight.?_bias": ("K", "its biases, where the model has them"),
    "weight.block.q": ("H D K", "every head's W_Q in that block, where the block is small"),
    "weight.block.k": ("G D K", "every head's W_K"),
    "weight.block.v": ("G D K", "every head's W_V"),
    "weight.block.o": ("H K D", "every head's rows of W_O"),
    "weight.block.q_bias": ("H K", "every head's bias"),
    "weight.block.?_bias": ("G K", "every head's bias"),
    "weight.block.up": ("D F", "its feed-forward's first matrix, where that is small (of a plain one)"),
    "weight.block.up_bias": ("F", "its bias"),
    "weight.block.down": ("F D", "and its second matrix"),
    "weight.block.down_bias": ("D", "its bias"),
    "weight.unembedding": ("N D", "unembedding rows of the likeliest tokens of the first step"),
    "weight.unembedding_token": ("N", "their ids"),
    "neurons.index": ("E", "places of that block's neurons that put out most, for the token looked at"),
    "neurons.activation": ("E", "what they put out"),
    "neurons.input": ("E D", "their columns of the first matrix (of the gate's, in gated families)"),
    "neurons.input_bias": ("E", "their biases, where the model has them"),
    "neurons.output": ("E D", "their rows of the second matrix"),
    "neurons.promotes.token": ("E N", "ids whose unembedding rows each output row agrees with most"),
    "neurons.promotes.score": ("E N", "their dot products"),
    "neurons.promotes.unembedding": ("E N D", "those tokens' unembedding rows"),
    "neighbours.token": ("T N", "nearest ids in the embedding table, by cosine, the token itself left out"),
    "neighbours.cosine": ("T N", "their cosines"),
    "projection.token": ("P", "ids of the points: the prompt's, the likeliest next ones, neighbours"),
    "projection.row": ("P D", "their rows of the embedding table"),
    "projection.point": ("P C", "their embedding rows on the first three principal axes (two for the plane)"),
    "projection.axis": ("C D", "the principal axes, each of length 1"),
    "projection.mean": ("D", "the mean of the points' rows"),
    "projection.explained": ("C", "share of the points' variance along each axis"),
    "vocabulary.bytes": ("B", "every token's bytes, one after the other"),
    "vocabulary.ends": ("V", "where each token's bytes end"),
}

# Kept whatever `only` says: what a trace is of, what came of it, and the words of both.
ALWAYS = ("tokens", "generated.token", "vocabulary.bytes", "vocabulary.ends")
_PATH = (  # names in the order of the path, by their beginnings
    "tokens",
    "embed",
    "rotary",
    "block",
    "ln_f",
    "logits",
    "lens",
    "heads",
    "generated",
    "weight",
    "neurons",
    "neighbours",
    "projection",
    "vocabulary",
)
_BLOCK_PATH = ("resid_pre", "ln1", "attn", "resid_mid", "ln2", "mlp", "resid_post")
_STEP = re.compile(r"step\.\d+\.")
SURROUNDINGS = tuple(name for name in TABLE if name.startswith(("neighbours.", "projection.")))
_LOOSE = tuple(pattern for pattern in TABLE if pattern.startswith("*") or "?" in pattern)
_NUMBER = re.compile(r"\.\d+(?=\.)")


def block(index: int, name: str) -> str:
    """The full name of a tensor of one block: `block(3, "attn.pattern")` is `block.03.attn.pattern`."""
    return f"block.{index:02d}.{name}"


def holds_ids(name: str) -> bool:
    """Whether a tensor's values are tokens' ids."""
    return name.endswith(("tokens", ".token", "_token"))


def wanted(name: str, only: Sequence[str]) -> bool:
    """Whether a trace keeps a tensor: all if `only` is empty, else what its patterns name, in any step."""
    if not only:
        return True
    return _STEP.sub("", name, count=1) in ALWAYS or any(matches(name, pattern) for pattern in only)


def matches(name: str, pattern: str) -> bool:
    """Whether a shell pattern stands for a name, with or without its step."""
    return fnmatchcase(name, pattern) or fnmatchcase(_STEP.sub("", name, count=1), pattern)


@cache
def described(name: str) -> tuple[tuple[str, ...], str]:
    """The letters of a tensor's axes, such as `("H", "T", "T")`, and what it is; raises `KeyError`.

    A later step's tensors (`step.02.…`) are those of a pass of their own, with a longer T.
    """
    found = _entry(_NUMBER.sub(".*", _STEP.sub("", name, count=1)))
    if found is None:
        raise KeyError(f"{name}: no tensor of a trace has this name")
    return found


@cache
def _entry(kind: str) -> tuple[tuple[str, ...], str] | None:
    """What the table says of a name whose numbers are stars: a few dozen for thousands of tensors."""
    pattern = kind if kind in TABLE else next((p for p in _LOOSE if fnmatchcase(kind, p)), None)
    if pattern is None:
        return None
    axes, about = TABLE[pattern]
    return tuple(axes.split()), about


def along_the_path(name: str) -> tuple[int, ...]:
    """A key that sorts names as the model makes the tensors, a later step after all of the first."""
    plain = _STEP.sub("", name, count=1)
    step = int(name.split(".")[1]) if plain != name else 0
    first, *rest = plain.split(".")
    number = int(rest[0]) if first in ("block", "lens") else 0
    part = _BLOCK_PATH.index(rest[1]) if first == "block" else 0
    pattern = next(at for at, pattern in enumerate(TABLE) if fnmatchcase(plain, pattern))
    return step, _PATH.index(first), number, part, pattern

"""Whether the tensors of a trace have the shapes that their axes say."""

from __future__ import annotations

from collections.abc import Iterable

from llmtrace.meta import Info, ModelCard

_FREE = "CN"  # axes whose size differs from tensor to tensor


def _begins(name: str) -> tuple[str, str]:
    """The step that a tensor is of, empty for the first, and how its name begins in it."""
    parts = name.split(".")
    return (parts[1], parts[2]) if parts[0] == "step" else ("", parts[0])


def misfit(tensors: Iterable[Info], card: ModelCard) -> str | None:
    """The first tensor whose shape does not fit, in words; None where all do."""
    tensors = list(tensors)
    known = {
        "D": card.width,
        "H": card.heads,
        "G": card.key_heads or card.heads,
        "K": card.head_width,
        "F": card.mlp_width,
        "V": card.vocabulary,
        "L": card.blocks,
    }
    # The number of positions is a step's, told by its tokens; what else the card does not know is the same
    # for tensors whose names begin alike, and told by the first of them.
    told = {
        (_begins(tensor.name)[0], "T"): tensor.shape[0]
        for tensor in tensors
        if tensor.name.split(".")[-1] == "tokens" and tensor.shape
    }
    for tensor in tensors:
        if len(tensor.axes) != len(tensor.shape):
            return (
                f"{tensor.name} has the shape {_by(tensor.shape)}, and its axes are {' '.join(tensor.axes)}"
            )
        step, begin = _begins(tensor.name)
        expected = [
            size
            if letter in _FREE
            else known.get(letter) or told.setdefault((step if letter == "T" else begin, letter), size)
            for letter, size in zip(tensor.axes, tensor.shape, strict=True)
        ]
        if tuple(expected) != tensor.shape:
            axes = " × ".join(tensor.axes)
            return f"{tensor.name} has the shape {_by(tensor.shape)}, and {axes} is {_by(expected)} here"
    return None


def _by(sizes: Iterable[int]) -> str:
    return " × ".join(map(str, sizes)) or "of a single number"

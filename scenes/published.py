"""Models of which only the shape is known here, as published, and how many parameters a shape has, by kind.

Imports no manim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

KINDS = ("norms", "positions", "table", "attention", "feed_forward")
PUBLISHED = "published."  # before the name of a model, in the place of a tensor's


class Shape(Protocol):
    """What of a model its number of parameters depends on; a `ModelCard` has it."""

    @property
    def width(self) -> int: ...

    @property
    def blocks(self) -> int: ...

    @property
    def mlp_width(self) -> int: ...

    @property
    def context(self) -> int: ...

    @property
    def vocabulary(self) -> int: ...


@dataclass(frozen=True)
class Published:
    """A model's shape; `source` is where it was published."""

    name: str
    width: int
    blocks: int
    context: int
    source: str
    vocabulary: int = 50257  # GPT-2's byte-pair encoding, which GPT-3 uses too

    @property
    def mlp_width(self) -> int:
        return 4 * self.width


_GPT_2 = "Radford et al. 2019, Language Models are Unsupervised Multitask Learners, table 2"
_GPT_3 = "Brown et al. 2020, Language Models are Few-Shot Learners, table 2.1"
MODELS = {
    model.name: model
    for model in (
        Published("GPT-2 small", 768, 12, 1024, _GPT_2),
        Published("GPT-2 medium", 1024, 24, 1024, _GPT_2),
        Published("GPT-2 large", 1280, 36, 1024, _GPT_2),
        Published("GPT-2 XL", 1600, 48, 1024, _GPT_2),
        Published("GPT-3", 12288, 96, 2048, _GPT_3),
    )
}


def parameters(shape: Shape) -> dict[str, int]:
    """How many parameters a model of GPT-2's build has, by their kind.

    The table is counted once: it is the one that the scores are made with too. Attention has queries, keys,
    values and their mixing, each width × width and a bias; the feed-forward a matrix each way with its bias;
    a norm a gain and a shift, of which each block has two and the end one more.
    """
    wide, deep, inner = shape.width, shape.blocks, shape.mlp_width
    return {
        "norms": (2 * deep + 1) * 2 * wide,
        "positions": shape.context * wide,
        "table": shape.vocabulary * wide,
        "attention": deep * 4 * (wide * wide + wide),
        "feed_forward": deep * (2 * inner * wide + inner + wide),
    }

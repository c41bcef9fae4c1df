"""Whether weights fit a configuration: no tensor too many, none of another shape, none that is not finite."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from llmtrace.damage import counted
from llmtrace.families import FAMILIES
from llmtrace.shards import BUFFER, Shards

Shape = tuple[int, ...]


def misfits(skeleton: Any, shards: Shards) -> Iterator[str]:
    """What does not fit, in words; `skeleton` is the model that the configuration asks for, without numbers.

    The loader itself would cut blocks that are too many, and drop tensors that it has no place for. Those
    outside the body, such as a head for another task, are no part of the language model.
    """
    wanted = {name: tuple(tensor.shape) for name, tensor in skeleton.state_dict().items()}
    prefix = f"{skeleton.base_model_prefix}."
    body = {name for name, _ in skeleton.base_model.named_children()} | {"lm_head", "embed_out"}
    for name, shape in shards.shapes.items():
        bare = name.removeprefix(prefix)
        asked = next((wanted[key] for key in (name, prefix + name, bare) if key in wanted), None)
        if asked is not None and asked != shape:
            yield (
                f"{name} is {_by(shape)} in its weights, and its config.json asks for {_by(asked)}: they are "
                "of two models; correct config.json or download both again"
            )
        if asked is None and not BUFFER.search(name) and (bare != name or bare.split(".")[0] in body):
            yield _too_many(skeleton, name, shards)
    there, asked_for = (
        sum(map(math.prod, shards.shapes.values())),
        sum(p.numel() for p in skeleton.parameters()),
    )
    if asked_for > 2 * there:  # before the loader takes the memory for them
        yield (
            f"its config.json asks for {asked_for:,} parameters, and its weights have {there:,}; "
            "they do not belong together, so download the model again"
        )


def not_finite(model: Any) -> Iterator[str]:
    """The tensors with NaN or ∞, in words: no number of a pass would mean anything."""
    for name, parameter in model.named_parameters():
        values = parameter.detach()
        if not values.sum().isfinite() and not (finite := values.isfinite()).all():
            wrong = int((~finite).sum())
            what = "NaN" if values.isnan().any() else "∞"
            yield (
                f"{name} has {what} among its weights (not finite: {wrong:,} of {values.numel():,}): "
                "the model says nothing; its training or conversion went wrong, so take another checkpoint"
            )


def _too_many(skeleton: Any, name: str, shards: Shards) -> str:
    config = skeleton.config
    blocks = re.compile(rf"(^|\.){FAMILIES[config.model_type].blocks}\.(\d+)\.")
    if blocks.search(name):
        there = 1 + max(int(m[2]) for m in map(blocks.search, shards.shapes) if m)
        if there > config.num_hidden_layers:
            key = config.attribute_map.get("num_hidden_layers", "num_hidden_layers")
            return (
                f"its weights have {counted(there, 'block')}, {name} among them, and its config.json asks "
                f"for {config.num_hidden_layers}; set {key} to {there} there, or download the model again"
            )
    return (
        f"its weights have {name}, which a {type(skeleton).__name__} of its config.json has no place for; "
        "they are of another model, so give that one's config.json"
    )


def _by(shape: Shape) -> str:
    return " × ".join(map(str, shape)) or "a single number"

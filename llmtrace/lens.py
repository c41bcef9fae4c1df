"""The logit lens (nostalgebraist 2020): each block's last vector read as if it were the end of the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from llmtrace.embedding import largest
from llmtrace.hooks import Recorder
from llmtrace.parts import Parts
from llmtrace.store import Array
from llmtrace.weights import Named

LIKELIEST = 10  # tokens that are kept of each block


def lens_names(block: int) -> tuple[str, str]:
    """Of the likeliest tokens after a block, and of their probabilities."""
    return f"lens.{block:02d}.token", f"lens.{block:02d}.probability"


def wants_lens(parts: Parts, recorder: Recorder) -> bool:
    return any(recorder.wants(name) for block in range(len(parts.blocks)) for name in lens_names(block))


def ends(parts: Parts, recorder: Recorder) -> torch.Tensor:
    """Each block's last vector but the last block's, through the final norm: (L − 1, D)."""
    last = [recorder.last[f"stream.{index}"] for index in range(len(parts.blocks) - 1)]
    streams = torch.stack(last) if last else parts.unembedding[:0]
    # Not called as a module: that would be recorded as the pass's own.
    normed: torch.Tensor = parts.final_norm.forward(streams)
    return normed


def riding(parts: Parts, recorder: Recorder) -> Iterator[Any]:
    """Hooks by which the first pass's own unembedding reads the lens, as far as it has rows to spare.

    The model multiplies every position by the unembedding, and of the logits only the last one's are read. So
    the earlier positions are replaced by the streams that the lens would multiply by it after the pass.
    """
    unembedding, looks = parts.model.get_output_embeddings(), wants_lens(parts, recorder)

    def board(_m: Any, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor] | None:
        if not (looks and recorder.keeps_last):
            return None
        positions = inputs[0].clone()  # (1, T, D)
        streams = ends(parts, recorder)[: positions.shape[1] - 1]
        positions[0, : len(streams)] = streams
        return (positions,)

    def alight(_m: Any, _inputs: Any, logits: torch.Tensor) -> None:
        if looks and recorder.keeps_last:
            recorder.last["lens"] = logits[0, :-1][: len(parts.blocks) - 1]

    yield unembedding.register_forward_pre_hook(board)
    yield unembedding.register_forward_hook(alight)


def lens(block: int, logits: Array) -> Named:
    """The likeliest tokens after a block, whose logits are (V), and their probabilities.

    Every position of every block, T × V × L values, would cost several times the pass itself, and the V
    values of each block would be most of the file: so the last position's likeliest few are kept, with their
    probabilities over the whole vocabulary.
    """
    tokens = largest(logits, LIKELIEST)
    exp = np.exp(logits - logits.max())
    # Summed in float64: over a vocabulary, a sum in float32 is off by 2e-5.
    probability = exp[tokens] / exp.sum(dtype=np.float64)
    yield from zip(lens_names(block), (tokens, probability.astype(np.float32)), strict=True)

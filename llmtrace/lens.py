"""The logit lens (nostalgebraist 2020): each block's last vector read as if it were the end of the model."""

from __future__ import annotations

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


def ends(parts: Parts, recorder: Recorder) -> torch.Tensor:
    """Each block's last vector but the last block's, through the final norm: (L − 1, D)."""
    last = [recorder.last[f"stream.{index}"] for index in range(len(parts.blocks) - 1)]
    streams = torch.stack(last) if last else parts.unembedding[:0]
    normed: torch.Tensor = parts.final_norm(streams)
    return normed


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

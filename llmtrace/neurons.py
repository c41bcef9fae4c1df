"""The loudest neurons of a feed-forward, and the tokens that each pushes towards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from llmtrace.embedding import largest
from llmtrace.names import TABLE
from llmtrace.parts import Parts, as_columns
from llmtrace.store import Array
from llmtrace.weights import Named, array_of

LOUDEST = 8  # neurons that are kept
PROMOTED = 8  # tokens that are kept of each
PROMOTES = [name for name in TABLE if name.startswith("neurons.promotes.")]


class Neurons:
    """Of one block and one token: what puts out most there.

    `fired`: (F), what the block's neurons put out for the token that is looked at.
    """

    def __init__(self, parts: Parts, block: int, fired: torch.Tensor) -> None:
        self._parts, self._block = parts, block
        values: Array = fired.float().numpy()
        self.index = largest(values, LOUDEST)
        self.activation = values[self.index]
        _, down = parts.feed_forward(block)
        self.rows = as_columns(down)[torch.from_numpy(self.index).long()].float()  # (E, D)

    def kept(self) -> Named:
        """Which they are, what they put out, and their weights into and out of the block."""
        up, _ = self._parts.feed_forward(self._block)
        yield "neurons.index", self.index
        yield "neurons.activation", self.activation
        yield "neurons.input", array_of(as_columns(up).T[torch.from_numpy(self.index).long()])
        if up.bias is not None:
            yield "neurons.input_bias", array_of(up.bias)[self.index]
        yield "neurons.output", array_of(self.rows)

    def promotes(self, scores: Sequence[Array]) -> Named:
        """The tokens whose unembedding rows each neuron's output row agrees with most (Geva et al. 2022).

        `scores`: of each neuron, the dot products of its output row with the unembedding, (V). Whatever a
        neuron puts out is added to the stream along that row, and so to these tokens' logits, but for the
        final norm.
        """
        tokens = np.stack([largest(row, PROMOTED) for row in scores])  # (E, N)
        unembedding = self._parts.unembedding[torch.from_numpy(tokens).long()]
        kept = (tokens, np.take_along_axis(np.stack(scores), tokens, axis=1), array_of(unembedding))
        yield from zip(PROMOTES, kept, strict=True)

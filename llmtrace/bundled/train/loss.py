"""The loss of a large vocabulary without its logits: a few hundred tokens at a time, gradients at once."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import GPT2LMHeadModel

ROWS = 256  # tokens whose logits are in memory at once: so many fit in a cache of 16 MB
LANES = 16  # a matrix product is half as fast where a row's length is odd, as GPT-2's cut vocabulary is


class HeadLoss(torch.autograd.Function):
    """Mean cross-entropy of `hidden @ table.T`, whose gradients are made beside it, in the forward pass.

    hidden: (N, D); table: (V, D); targets: (N,) int64. The same sums as `cross_entropy`, in another order.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, targets: Tensor) -> Tensor:
        size, count = len(table), len(targets)
        padded = torch.nn.functional.pad(table, (0, 0, 0, -size % LANES))
        to_hidden, to_table = torch.empty_like(hidden), torch.zeros_like(padded)
        buffer, nats = hidden.new_empty(ROWS, len(padded)), hidden.new_zeros(())
        for start in range(0, count, ROWS):
            rows, target = hidden[start : start + ROWS], targets[start : start + ROWS, None]
            logits = torch.mm(rows, padded.T, out=buffer[: len(rows)])
            logits[:, size:] = -torch.inf  # no such tokens
            chances = torch.softmax(logits, -1, out=logits)
            nats -= chances.gather(1, target).log().sum()
            error = chances.scatter_add_(1, target, hidden.new_full(target.shape, -1.0))
            torch.mm(error, padded, out=to_hidden[start : start + ROWS])
            to_table.addmm_(error.T, rows)
        ctx.save_for_backward(to_hidden.div_(count), to_table[:size].div_(count))
        return nats / count

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, Tensor, None]:
        to_hidden, to_table = ctx.saved_tensors
        return outer[0] * to_hidden, outer[0] * to_table, None


def loss_of(model: GPT2LMHeadModel, ids: Tensor) -> Tensor:
    """Mean nats a predicted token. ids: (batch, T + 1)."""
    hidden = model.transformer(ids[:, :-1], use_cache=False).last_hidden_state  # (batch, T, D)
    apply: Callable[..., Tensor] = HeadLoss.apply
    return apply(hidden.flatten(0, 1), model.lm_head.weight, ids[:, 1:].flatten())

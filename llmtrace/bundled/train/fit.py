"""The training loop: transformers' GPT-2 in float32 on windows of text, with checkpoints to go on from."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from llmtrace.bundled.train.text import END


def new_model(vocabulary: int, width: int, blocks: int, heads: int, context: int) -> GPT2LMHeadModel:
    """GPT-2 with random weights and no dropout. `END` is its last token.

    GELU is torch's fused form of GPT-2's `gelu_new`: the same function, faster. `export` writes the old name.
    """
    shape = {
        "vocab_size": vocabulary,
        "n_embd": width,
        "n_layer": blocks,
        "n_head": heads,
        "n_positions": context,
    }
    ends = dict.fromkeys(["bos_token_id", "eos_token_id"], vocabulary - 1)
    dropout = dict.fromkeys(["resid_pdrop", "embd_pdrop", "attn_pdrop"], 0.0)
    config: dict[str, Any] = {**shape, **ends, **dropout, "activation_function": "gelu_pytorch_tanh"}
    return GPT2LMHeadModel(GPT2Config(**config))


def loss_of(model: GPT2LMHeadModel, ids: Tensor) -> Tensor:
    """Mean nats a predicted token. ids: (batch, T + 1)."""
    hidden = model.transformer(ids[:, :-1], use_cache=False).last_hidden_state  # (batch, T, D)
    return cross_entropy(model.lm_head(hidden).flatten(0, 1), ids[:, 1:].flatten())


class Muon(torch.optim.Optimizer):
    """Momentum whose step is made orthogonal (Jordan et al. 2024, "Muon"), for the blocks' matrices.

    torch's own Muon works in bfloat16, which a CPU without it runs several times slower than float32.
    """

    def __init__(self, matrices: list[nn.Parameter], peak: float, momentum: float = 0.95) -> None:
        super().__init__(matrices, {"lr": peak, "peak": peak, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        for group in self.param_groups:
            for matrix in group["params"]:
                mean = self.state[matrix].setdefault("momentum", torch.zeros_like(matrix))
                mean.lerp_(matrix.grad, 1 - group["momentum"])
                ahead = matrix.grad.lerp(mean, group["momentum"])  # Nesterov's
                wide = ahead if matrix.shape[0] <= matrix.shape[1] else ahead.T
                wide = wide / (wide.norm() + 1e-7)
                for _ in range(5):  # a quintic Newton-Schulz step towards the nearest orthogonal matrix
                    square = wide @ wide.T
                    wide = 3.4445 * wide + (2.0315 * square @ square - 4.775 * square) @ wide
                out = wide if matrix.shape[0] <= matrix.shape[1] else wide.T
                matrix.mul_(1 - 0.01 * group["lr"])
                matrix.add_(out, alpha=-group["lr"] * max(1, out.shape[1] / out.shape[0]) ** 0.5)


def optimisers_of(model: GPT2LMHeadModel, peak: float) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices, at ten times `peak`; AdamW for embeddings, norms and biases."""
    inside = [p for p in model.transformer.h.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if all(p is not matrix for matrix in inside)]
    adam = torch.optim.AdamW([{"params": others, "peak": peak}], peak, (0.9, 0.97), weight_decay=0.0)
    return [adam, Muon(inside, 10 * peak)]


def fit(
    model: GPT2LMHeadModel, data: Path, run: Path, mix: dict[str, float], steps: int, batch: int, peak: float
) -> list[float]:
    """Train up to step `steps`, from `run`/checkpoint.pt if it is there; returns the loss of each step taken.

    `mix` gives each source's share of the windows, which start anywhere in its text. The learning rate rises
    to `peak` in the first twentieth of the steps and falls in a line to 0 from their fifth on.
    """
    run.mkdir(parents=True, exist_ok=True)
    texts = [np.load(data / f"{name}.npy").astype(np.int64) for name in mix]
    shares = np.array(list(mix.values())) / sum(mix.values())
    optimisers = optimisers_of(model, peak)
    first, losses, length, saved_at = 0, [], model.config.n_positions + 1, time.monotonic()
    if (run / "checkpoint.pt").exists():
        saved = torch.load(run / "checkpoint.pt", weights_only=True)
        model.load_state_dict(saved["model"])
        for optimiser, state in zip(optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        first = saved["step"]
    model.train()
    for step in range(first, steps):
        draw = np.random.default_rng([5, step])
        chosen = [texts[i] for i in draw.choice(len(texts), batch, p=shares)]
        starts = [int(draw.integers(len(text) - length)) for text in chosen]
        windows = np.stack([text[start : start + length] for text, start in zip(chosen, starts, strict=True)])
        loss = loss_of(model, torch.from_numpy(windows))
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * min(1, 20 * (step + 1) / steps, 1.25 * (1 - step / steps))
            optimiser.step()
            optimiser.zero_grad()
        losses.append(loss.item())
        with (run / "log.tsv").open("a", encoding="utf-8") as log:
            print(step + 1, f"{losses[-1]:.4f}", time.strftime("%H:%M:%S"), sep="\t", file=log)
        if time.monotonic() - saved_at > 240 or step + 1 == steps:
            saved_at = time.monotonic()
            states = [optimiser.state_dict() for optimiser in optimisers]
            saved = {"model": model.state_dict(), "optimisers": states, "step": step + 1}
            torch.save(saved, run / "checkpoint.new")
            (run / "checkpoint.new").replace(run / "checkpoint.pt")
    return losses


def export(model: GPT2LMHeadModel, data: Path, run: Path, out: Path) -> None:
    """Save the run's weights as float16, GPT-2's own configuration and the tokenizer."""
    model.load_state_dict(torch.load(run / "checkpoint.pt", weights_only=True)["model"])
    model.config.activation_function = "gelu_new"
    model.half().save_pretrained(out)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(data / "tokenizer.json"), bos_token=END, eos_token=END
    )
    tokenizer.save_pretrained(out)

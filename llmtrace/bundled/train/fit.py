"""The training loop: transformers' GPT-2 in float32 on windows of text, with checkpoints to go on from."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as workers
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.utils import vector_to_parameters
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from llmtrace.bundled.train.loss import loss_of
from llmtrace.bundled.train.text import END

WARM = 20  # steps after each start until the rate is whole: the optimisers' means are not kept
EVERY = 40  # steps between checkpoints
KEPT = 10  # checkpoints that stay


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


@dataclass(frozen=True)
class Plan:
    """What a start of the training is asked for.

    mix: each source's share of the windows; batch: windows a step; peak: AdamW's highest rate (Muon's is
    tenfold); decay: the share of all steps, their last ones, over which the rate falls in a line to 0.
    """

    mix: dict[str, float]
    steps: int
    batch: int
    peak: float
    decay: float = 0.2


def rate(step: int, first: int, total: int, decay: float) -> float:
    """The share of the highest rate at `step` of a start at step `first`: rise, stay, fall.

    `total` matters only once the fall begins, so a run can be made longer until then and loses nothing.
    """
    return max(0.0, min(1.0, (step - first + 1) / WARM, (total - step) / (decay * total)))


class Windows:
    """Random windows of the sources' ids; half of them begin where a paragraph does, as prompts do."""

    def __init__(self, data: Path, mix: dict[str, float], length: int) -> None:
        newline = np.load(data / "newline.npy")
        self.texts = [np.load(data / f"{name}.npy").astype(np.int64) for name in mix]
        self.begins = [np.flatnonzero(np.isin(text[:-length], newline)) + 1 for text in self.texts]
        self.shares, self.length = np.array(list(mix.values())) / sum(mix.values()), length

    def draw(self, step: int, batch: int) -> Tensor:
        """(batch, length) int64, the same for the same step."""
        draw = np.random.default_rng([5, step])
        windows = []
        for source in draw.choice(len(self.texts), batch, p=self.shares):
            text, begins = self.texts[source], self.begins[source]
            start = draw.choice(begins) if draw.random() < 0.5 else draw.integers(len(text) - self.length)
            windows.append(text[start : start + self.length])
        return torch.from_numpy(np.stack(windows))


def checkpoints(keep: Path) -> list[Path]:
    """The checkpoints in `keep`, oldest first."""
    return sorted(keep.glob("weights-*.safetensors"))


def save(model: GPT2LMHeadModel, keep: Path, step: int, seen: int) -> None:
    """Weights alone, float16, with the steps and tokens that made them; the oldest beyond `KEPT` goes."""
    weights = {name: value.half().contiguous() for name, value in model.transformer.state_dict().items()}
    save_file(weights, keep / "new", {"step": str(step), "tokens": str(seen)})
    (keep / "new").replace(keep / f"weights-{step:06d}.safetensors")
    for old in checkpoints(keep)[:-KEPT]:
        old.unlink()


def resume(model: GPT2LMHeadModel, keep: Path) -> tuple[int, int]:
    """Load the newest checkpoint, if there is one; returns its steps and tokens."""
    if not (found := checkpoints(keep)):
        return 0, 0
    model.transformer.load_state_dict(load_file(found[-1]))
    with safe_open(found[-1], "pt") as file:
        return int(file.metadata()["step"]), int(file.metadata()["tokens"])


def share(model: GPT2LMHeadModel, *numbers: float) -> list[float]:
    """Give each worker the mean of all workers' gradients; returns the means of `numbers`."""
    if not workers.is_initialized():
        return [*numbers]
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    together = torch.cat([*(gradient.flatten() for gradient in gradients), torch.tensor(numbers)])
    workers.all_reduce(together)
    together /= workers.get_world_size()
    vector_to_parameters(together, gradients)
    return together[-len(numbers) :].tolist()


def write(path: Path, *row: object) -> None:
    """A line of tab-separated columns at the end of a log."""
    with path.open("a", encoding="utf-8") as log:
        print(*row, sep="\t", file=log)


def fit(model: GPT2LMHeadModel, data: Path, keep: Path, plan: Plan) -> list[float]:
    """Train up to `plan.steps`, from the newest checkpoint in `keep` on; returns the loss of each step taken.

    `keep`/steps holds the number of steps: whoever replaces it while this runs changes the number.
    `keep`/log.tsv gets a line for each step, `keep`/starts.tsv one for each start. Under `torchrun` each
    worker takes its part of every batch, which must be a multiple of their number.
    """
    rank, size = (workers.get_rank(), workers.get_world_size()) if workers.is_initialized() else (0, 1)
    length = model.config.n_positions + 1
    windows, optimisers = Windows(data, plan.mix, length), optimisers_of(model, plan.peak)
    step, seen = first, _ = resume(model, keep)
    if rank == 0:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "steps").write_text(str(plan.steps), encoding="utf-8")
        write(keep / "starts.tsv", time.strftime("%F %T"), first, seen, size, asdict(plan))
    share(model, 0.0)  # no worker goes on before the files are there
    model.train()
    total, losses = plan.steps, []
    while step < total:
        loss = loss_of(model, windows.draw(step, plan.batch)[rank::size])
        loss.backward()  # type: ignore[no-untyped-call]
        nats, wanted = share(model, loss.item(), int((keep / "steps").read_text(encoding="utf-8")))
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        total, now = round(wanted), rate(step, first, round(wanted), plan.decay)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * now
            optimiser.step()
            optimiser.zero_grad()
        step, seen = step + 1, seen + plan.batch * (length - 1)
        losses.append(nats)
        if rank == 0:
            write(keep / "log.tsv", step, seen, f"{nats:.4f}", f"{now:.3f}", time.strftime("%T"))
            if step % EVERY == 0 or step >= total:
                save(model, keep, step, seen)
    return losses


def mean_weights(paths: list[Path]) -> dict[str, Tensor]:
    """The mean of checkpoints, in float32."""
    files = [load_file(path) for path in paths]
    return {name: torch.stack([file[name].float() for file in files]).mean(0) for name in files[0]}


def export(model: GPT2LMHeadModel, data: Path, keep: Path, out: Path, last: int) -> None:
    """Save the mean of the `last` checkpoints as float16, GPT-2's own configuration and the tokenizer."""
    model.transformer.load_state_dict(mean_weights(checkpoints(keep)[-last:]))
    model.config.activation_function = "gelu_new"
    model.half().save_pretrained(out)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(data / "tokenizer.json"), bos_token=END, eos_token=END
    )
    tokenizer.save_pretrained(out)

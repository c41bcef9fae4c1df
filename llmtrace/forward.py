"""A prompt through a model, every tensor recorded, and the steps that follow it.

The tensors are the model's own: forward hooks on its modules take what flows between them, and inside
attention, where no module stands between scores and softmax, the model calls our function, which it finds
through transformers' `AttentionInterface` and which does the same arithmetic as its eager one.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
import torch
import transformers

from llmtrace import tokens as text
from llmtrace.errors import PromptError, SettingError, TokenIdError, TooLongError
from llmtrace.extras import extras
from llmtrace.hooks import Recorder, recording
from llmtrace.loading import LoadedModel
from llmtrace.meta import Meta
from llmtrace.parts import Parts
from llmtrace.sampling import Sampling
from llmtrace.store import Array, Memory, TraceWriter
from llmtrace.trace import Trace, highest

_BLOCK_TENSORS, _OTHER_TENSORS = 40, 60  # at most, in one step


@dataclass(frozen=True)
class Keeping:
    """What of a pass is kept, and where: see `llmtrace.capture`."""

    only: tuple[str, ...]
    dtype: str
    steps: str
    to: Path | None


def run(
    prompt: str | Sequence[int], loaded: LoadedModel, new_tokens: int, sampling: Sampling, keeping: Keeping
) -> Trace:
    """The trace of a prompt, and of the tokens that follow it; see `llmtrace.capture`."""
    ids = _ids(prompt, loaded)
    steps = min(new_tokens, loaded.card.context - len(ids) + 1)
    given = prompt if isinstance(prompt, str) else None
    spans = () if loaded.entries is None else text.spans([loaded.entries[i] for i in ids], given)
    meta = Meta(loaded.card, given, spans, sampling, keeping.dtype, _libraries(), keeping.steps, keeping.only)
    passes = steps if keeping.steps == "all" else 1
    room = passes * (_BLOCK_TENSORS * loaded.card.blocks + _OTHER_TENSORS)
    with TraceWriter(keeping.to, meta, room) if keeping.to else nullcontext(Memory()) as store:
        recorder = Recorder(store, keeping.only, keeping.dtype)
        recorder.put("tokens", np.array(ids, dtype=np.int32))
        with recording(loaded.model, loaded.card, recorder), torch.no_grad():
            token, logits, cut = _generate(loaded, ids, sampling, steps, keeping.steps, recorder)
        with torch.no_grad():
            attribution = _head_attribution(loaded, recorder, token)
            recorder.put("heads.attribution", attribution)
            for name, array in extras(loaded, ids, logits, highest(attribution), recorder):
                recorder.put(name, array)
        recorder.put("generated.cut", cut)  # bytes last, so that no float32 stands at an odd place
        if missed := recorder.missed():
            raise SettingError(
                f"only {missed[0]!r}: {loaded.card.name} has no tensor of such a name; "
                "'llm-lesson inspect' lists those of a trace"
            )
    return Trace(store, meta) if isinstance(store, Memory) else Trace.load(keeping.to or "")


def _libraries() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "tokenizers": tokenizers.__version__,
        "numpy": np.__version__,
    }


def _ids(prompt: str | Sequence[int], loaded: LoadedModel) -> list[int]:
    if isinstance(prompt, str):
        if loaded.tokenizer is None:
            raise PromptError(f"{loaded.card.name}: has no tokenizer, so give token ids with --ids 1,2,3")
        ids = text.encode(loaded.tokenizer, prompt)
    else:
        ids = list(prompt)
    # A tokenizer may know more tokens than the model.
    wrong = [i for i in ids if not 0 <= i < loaded.card.vocabulary]
    if wrong:
        raise TokenIdError(f"id {wrong[0]}: {loaded.card.name} has ids 0 to {loaded.card.vocabulary - 1}")
    if len(ids) > loaded.card.context:
        raise TooLongError(
            f"the prompt is {len(ids)} tokens long, and {loaded.card.name} reads at most "
            f"{loaded.card.context}; shorten it"
        )
    return ids


def _generate(
    loaded: LoadedModel, ids: list[int], sampling: Sampling, steps: int, kept: str, recorder: Recorder
) -> tuple[int, Array, Array]:
    """One pass a step, each choosing a token; gives the first one, its logits, (V), and all cuts, (S, V)."""
    draws, longer = sampling.draws(steps), list(ids)
    rows: dict[str, list[Any]] = {"logits": [], "cut": [], "probability": [], "token": []}
    for step in range(steps):
        keeps = kept == "all" or step == (0 if kept == "first" else steps - 1)
        recorder.prefix = (f"step.{step:02d}." if step else "") if keeps else None
        if keeps and step:
            recorder.put(f"{recorder.prefix}tokens", np.array(longer, dtype=np.int32))
        recorder.keeps_last = not step
        logits = loaded.model(torch.tensor([longer]), use_cache=False).logits[0, -1]  # (V)
        recorder.take("logits", logits[None])
        probability, cut = sampling.stages(logits.float().numpy())
        rows["logits"].append(logits.float().numpy())
        rows["probability"].append(probability.astype(np.float32))
        rows["cut"].append(cut)
        rows["token"].append(sampling.choose(rows["probability"][-1], float(draws[step])))
        longer.append(rows["token"][-1])
    recorder.put("generated.logits", np.stack(rows["logits"]))
    recorder.put("generated.probability", np.stack(rows["probability"]))
    recorder.put("generated.draw", draws)
    recorder.put("generated.token", np.array(rows["token"], dtype=np.int32))
    return rows["token"][0], rows["logits"][0], np.stack(rows["cut"])


def _head_attribution(loaded: LoadedModel, recorder: Recorder, token: int) -> Array:
    """What each head carries from earlier tokens to the score of the chosen one: (block, head), in logits.

    Direct logit attribution (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"),
    taken over the earlier positions alone: Σ_{j<T-1} pattern[T-1, j] · v_j, through W_O and the final
    norm (its spread held as it was), onto the token's unembedding row minus the mean row. A one-token prompt
    has no earlier position, so there its own counts.
    """
    parts = Parts(loaded.model)
    direction = (parts.unembedding[token] - loaded.unembedding_mean) * parts.final_norm.weight  # (D)
    if isinstance(parts.final_norm, torch.nn.LayerNorm):
        direction = direction - direction.mean()  # layer norm takes out the mean
    direction = direction / recorder.last["size"]
    result = []
    for index in range(loaded.card.blocks):
        output = parts.projection(index, loaded.card.heads) @ direction  # (head, head width)
        result.append((recorder.last[f"carried.{index}"] * output).sum(-1))
    return torch.stack(result).float().numpy()

"""A prompt through a model, every tensor recorded, and the steps that follow it.

The tensors are the model's own: forward hooks on its modules take what flows between them, and inside
attention, where no module stands between scores and softmax, the model calls our function, which it finds
through transformers' `AttentionInterface` and which does the same arithmetic as its eager one.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers
import torch
import transformers

from llmtrace import tokens as text
from llmtrace.beside import beside
from llmtrace.errors import EmptyPromptError, PromptError, SettingError, TokenIdError, TooLongError
from llmtrace.families import Parts
from llmtrace.hooks import Recorder, recording
from llmtrace.models import BUNDLED, LoadedModel, load_model
from llmtrace.sampling import Sampling
from llmtrace.store import Array, Memory, TraceWriter
from llmtrace.trace import Meta, Trace, highest

STEPS = ("first", "last", "all")
_BLOCK_TENSORS, _OTHER_TENSORS = 40, 60  # at most, in one step


def capture(
    prompt: str | Sequence[int],
    model: str | LoadedModel = BUNDLED,
    *,
    new_tokens: int = 4,
    sampling: Sampling | None = None,
    only: Sequence[str] = (),
    dtype: str = "float32",
    trace_steps: str = "first",
    to: str | os.PathLike[str] | None = None,
) -> Trace:
    """Runs a model on a prompt (a text, or ids) and records every tensor of the pass.

    Then chooses `new_tokens` tokens, one distribution each; it stops early where the context is full.
    `trace_steps`: which steps keep all tensors: the first, which reads the prompt, the last, or all; those of
    a later step s have names that begin with `step.0s.`. `only`: shell patterns of the names that are kept
    (`tokens` and the choices always are). `dtype`: float32, or float16 for a file of half the size. `to`: the
    file to write; tensors then go there as they come and take no memory.

    Raises `PromptError`, `SettingError`, `ModelError` and `TraceWriteError`.
    """
    loaded = load_model(model) if isinstance(model, str) else model
    sampling = sampling or Sampling()
    if new_tokens < 1:
        raise SettingError(f"new tokens {new_tokens}: takes a whole number from 1")
    if dtype not in ("float32", "float16"):
        raise SettingError(f"dtype {dtype}: a trace keeps float32 or float16")
    if trace_steps not in STEPS:
        raise SettingError(f"trace steps {trace_steps}: takes {', '.join(STEPS)}")
    ids = _ids(prompt, loaded)
    steps = min(new_tokens, loaded.card.context - len(ids) + 1)

    given = prompt if isinstance(prompt, str) else None
    spans = () if loaded.entries is None else text.spans([loaded.entries[i] for i in ids], given)
    meta = Meta(loaded.card, given, spans, sampling, dtype, _libraries(), trace_steps, tuple(only))
    passes = steps if trace_steps == "all" else 1
    room = passes * (_BLOCK_TENSORS * loaded.card.blocks + _OTHER_TENSORS)
    with TraceWriter(Path(to), meta, room) if to is not None else nullcontext(Memory()) as store:
        recorder = Recorder(store, only, dtype)
        recorder.put("tokens", np.array(ids, dtype=np.int32))
        with recording(loaded.model, loaded.card, recorder), torch.no_grad():
            token, logits, cut = _generate(loaded, ids, sampling, steps, trace_steps, recorder)
        with torch.no_grad():
            attribution = _head_attribution(loaded, recorder, token)
            recorder.put("heads.attribution", attribution)
            for name, array in beside(loaded, ids, logits, highest(attribution), recorder):
                recorder.put(name, array)
        recorder.put("generated.cut", cut)  # bytes last, so that no float32 stands at an odd place
        if missed := recorder.missed():
            raise SettingError(
                f"only {missed[0]!r}: {loaded.card.name} has no tensor of such a name; "
                "'llm-lesson inspect' lists those of a trace"
            )
    return Trace(store, meta) if isinstance(store, Memory) else Trace.load(Path(to or ""))


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
        if not prompt.strip():
            raise EmptyPromptError('the prompt is empty; give a few words, like "What will be"')
        if loaded.tokenizer is None:
            raise PromptError(f"{loaded.card.name}: has no tokenizer, so give token ids with --ids 1,2,3")
        ids = text.encode(loaded.tokenizer, prompt)
    else:
        ids = list(prompt)
        if not ids:
            raise EmptyPromptError("no ids; give some, like --ids 2061,481,307")
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

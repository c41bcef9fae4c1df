"""A prompt through a model, every tensor recorded, and the steps that follow it.

The tensors are the model's own: forward hooks on its modules take what flows between them, and inside
attention, where no module stands between scores and softmax, the model calls our function, which it finds
through transformers' `AttentionInterface` and which does the same arithmetic as its eager one.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
import torch
import transformers

from llmtrace.errors import SettingError, WeightsError
from llmtrace.extras import extras
from llmtrace.hooks import Recorder, recording
from llmtrace.lens import riding
from llmtrace.loading import LoadedModel
from llmtrace.look import Look
from llmtrace.meta import Meta
from llmtrace.names import SURROUNDINGS, block
from llmtrace.parts import Parts
from llmtrace.prompts import read, spelled
from llmtrace.sampling import Sampling
from llmtrace.size import expected_bytes
from llmtrace.store import Array, Memory, TraceWriter, judge_room
from llmtrace.trace import Trace, highest

_BLOCK_TENSORS, _OTHER_TENSORS = 40, 60  # at most, in one step


@dataclass(frozen=True)
class Keeping:
    """What of a pass is kept, and where: see `llmtrace.capture`."""

    only: tuple[str, ...]
    dtype: str
    steps: str
    to: Path | None
    foretell: Callable[[int], object] | None
    each: Callable[[int, int], object] | None
    look: Look
    surroundings: bool


def run(
    prompt: str | Sequence[int], loaded: LoadedModel, new_tokens: int, sampling: Sampling, keeping: Keeping
) -> Trace:
    """The trace of a prompt, and of the tokens that follow it; see `llmtrace.capture`."""
    found = read(prompt, loaded)
    ids, (spans, spelling) = found.ids, spelled(prompt, loaded, found)
    pieces = [loaded.entries[token] if loaded.entries else None for token in ids]
    query, key = keeping.look.placed(pieces, loaded.card)
    size = expected_bytes(loaded.card, len(ids), new_tokens, keeping.only, keeping.dtype, keeping.steps)
    if keeping.foretell is not None:
        keeping.foretell(size)
    if keeping.to is not None:
        judge_room(keeping.to, size)
    steps = min(new_tokens, loaded.card.context - len(ids) + 1)
    meta = Meta(
        model=loaded.card,
        prompt=prompt if isinstance(prompt, str) else None,
        spans=spans,
        sampling=sampling,
        dtype=keeping.dtype,
        libraries=_libraries(),
        steps=keeping.steps,
        only=keeping.only,
        spelling=spelling,
        query=query,
        key=key,
    )
    passes = steps if keeping.steps == "all" else 1
    room = passes * (_BLOCK_TENSORS * loaded.card.blocks + _OTHER_TENSORS)
    with TraceWriter(keeping.to, meta, room) if keeping.to else nullcontext(Memory()) as store:
        without = () if keeping.surroundings or keeping.only else SURROUNDINGS
        recorder = Recorder(store, keeping.only, keeping.dtype, without)
        recorder.query = -1 if query is None else query
        recorder.put("tokens", np.array(ids, dtype=np.int32))
        riders = riding(Parts(loaded.model), recorder)
        with recording(loaded.model, loaded.card, recorder, riders), torch.no_grad():
            made = _generate(loaded, ids, sampling, steps, keeping, recorder)
            recorder.put("generated.logits", np.stack([step.logits for step in made]))
            recorder.put("generated.probability", np.stack([step.probability for step in made]))
            recorder.put("generated.draw", sampling.draws(len(made)))
            recorder.put("generated.token", np.array([step.token for step in made], dtype=np.int32))
        with torch.no_grad():
            attribution = _head_attribution(loaded, recorder, made[0].token)
            recorder.put("heads.attribution", attribution)
            head = keeping.look.head or highest(attribution)
            for name, array in extras(loaded, ids, made[0].logits, head, recorder):
                recorder.put(name, array)
        # Bytes last, so that no float32 stands at an odd place.
        recorder.put("generated.cut", np.stack([step.cut for step in made]))
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


@dataclass(frozen=True)
class _Step:
    """What one step chose, and from what: three arrays of (V)."""

    logits: Array
    cut: Array
    probability: Array
    token: int


def _generate(
    loaded: LoadedModel, ids: list[int], sampling: Sampling, steps: int, keeping: Keeping, recorder: Recorder
) -> list[_Step]:
    """One pass a step, each choosing a token, until there are `steps` or one of them ends the text."""
    made: list[_Step] = []
    kept = keeping.steps
    for step, draw in enumerate(sampling.draws(steps)):
        tokens = [*ids, *(before.token for before in made)]
        keeps = kept == "all" or step == (0 if kept == "first" else steps - 1)
        made.append(_choose(_pass(loaded, tokens, step, keeps, recorder), sampling, float(draw)))
        if keeping.each is not None:
            keeping.each(len(made), steps)
        if made[-1].token in loaded.card.ends:
            if kept == "last" and not keeps:  # that it would be the last one was not known
                _pass(loaded, tokens, step, True, recorder)
            break
    return made


def _pass(loaded: LoadedModel, tokens: list[int], step: int, keeps: bool, recorder: Recorder) -> Array:
    """The logits of the last position, (V); the pass's tensors are recorded if the step `keeps` them."""
    recorder.prefix = (f"step.{step:02d}." if step else "") if keeps else None
    recorder.keeps_last = not step
    if keeps and step:
        recorder.put(f"{recorder.prefix}tokens", np.array(tokens, dtype=np.int32))
    last = loaded.model(torch.tensor([tokens]), use_cache=False).logits[0, -1]
    recorder.take("logits", last[None])
    logits: Array = last.float().numpy()
    if not np.isfinite(logits).all():
        raise WeightsError(
            f"{loaded.card.name}: its logits are not finite ({_first_overflow(loaded, recorder)}), so it "
            "says nothing of this prompt; its weights are damaged, so take another checkpoint"
        )
    return logits


def _first_overflow(loaded: LoadedModel, recorder: Recorder) -> str:
    """Where the stream at the last position stops to be finite."""
    for index in range(loaded.card.blocks):
        stream = recorder.last.get(f"stream.{index}")
        if stream is not None and not stream.isfinite().all():
            return f"first in {block(index, 'resid_post')}"
    return "only in the logits"


def _choose(logits: Array, sampling: Sampling, draw: float) -> _Step:
    probability, cut = sampling.stages(logits)
    narrow = probability.astype(np.float32)
    return _Step(logits, cut, narrow, sampling.choose(narrow, draw))


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

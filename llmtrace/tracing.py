"""`capture`: a prompt through a model, every tensor recorded.

Imports neither torch nor transformers: they are loaded when a model is, and what is wrong with a request that
needs none is said before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmtrace.errors import EmptyPromptError, SettingError
from llmtrace.look import Look
from llmtrace.meta import BUNDLED
from llmtrace.models import load_model
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace

if TYPE_CHECKING:
    from llmtrace.loading import LoadedModel

DTYPES = ("float32", "float16")
STEPS = ("first", "last", "all")


def capture(
    prompt: str | Sequence[int],
    model: str | LoadedModel | Any = BUNDLED,
    tokenizer: Any = None,
    *,
    new_tokens: int = 4,
    sampling: Sampling | None = None,
    only: Sequence[str] = (),
    dtype: str = "float32",
    trace_steps: str = "first",
    look: Look | None = None,
    surroundings: bool = False,
    to: str | os.PathLike[str] | None = None,
    foretell: Callable[[int], object] | None = None,
    each: Callable[[int, int], object] | None = None,
) -> Trace:
    """Runs a model on a prompt (a text, or ids) and records every tensor of the pass.

    `model`: a name, a folder, a hub id, or a transformers model in memory with its `tokenizer`; see
    `llmtrace.load_model`, which makes what may be given here again and again.

    Then chooses `new_tokens` tokens, one distribution each; it stops early where the context is full, and
    after a token that ends the text, as the model's `eos_token_id` says.
    `trace_steps`: which steps keep all tensors: the first, which reads the prompt, the last, or all; those of
    a later step s have names that begin with `step.0s.`. `only`: shell patterns of the names that are kept
    (the prompt, the choices and their words always are). `look`: a head whose weights are kept instead of
    those of the one that carries most, and which tokens a lesson looks at. `surroundings`: also what lies
    around the prompt in the embedding, neighbours and map, which lessons show and which takes a fifth of the
    pass; they are kept too where `only` names them. `dtype`: float32, or float16 for
    a file of half the size. `to`: the file to write; tensors then go there as they come and take no memory.
    `foretell` is called before the pass, with about how many bytes the trace will take; `each` after each
    token, with how many there are and how many there will be at most.

    Raises `PromptError`, `SettingError`, `ModelError` and `TraceWriteError`.
    """
    if new_tokens < 1:
        raise SettingError(f"new tokens {new_tokens}: takes a whole number from 1")
    if dtype not in DTYPES:
        raise SettingError(f"dtype {dtype}: a trace keeps {' or '.join(DTYPES)}")
    if trace_steps not in STEPS:
        raise SettingError(f"trace steps {trace_steps}: takes {', '.join(STEPS)}")
    if isinstance(prompt, str) and not prompt.strip():
        raise EmptyPromptError('the prompt is empty; give a few words, like "What will be"')
    if not isinstance(prompt, str) and not len(prompt):
        raise EmptyPromptError("no ids; give some, like --ids 2061,481,307")
    loaded = load_model(model, tokenizer)
    from llmtrace.forward import Keeping, run

    file = None if to is None else Path(to)
    keeping = Keeping(tuple(only), dtype, trace_steps, file, foretell, each, look or Look(), surroundings)
    return run(prompt, loaded, new_tokens, sampling or Sampling(), keeping)

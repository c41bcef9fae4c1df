"""What `llm-lesson trace` says of the trace that it wrote."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from llmtrace.describe import size_of
from llmtrace.trace import Trace
from llmtrace.visible import visible
from scenes.letters import shorten

SHOWN = 12  # tokens of a prompt
LIKELIEST = 5


def summary(trace: Trace, path: Path) -> Iterator[str]:
    """Lines for a person; what the trace does not have is left out."""
    card, command = trace.meta.model, shlex.quote(str(path))
    size = size_of(path.stat().st_size)
    yield f"{path}: {_count(trace.length, 'token')}, {_count(len(trace.names()), 'tensor')}, {size}"
    tokens = trace["tokens"].tolist()
    rest = f" | … {len(tokens) - SHOWN} more" if len(tokens) > SHOWN else ""
    yield f"  prompt  {' | '.join(_text(trace, token) for token in tokens[:SHOWN])}{rest}"
    blocks, heads = _count(card.blocks, "block"), _count(card.heads, "head")
    yield f"  model   {card.name}: {blocks} of {heads}, width {card.width}"
    if "generated.probability" in trace:
        row = trace["generated.probability"][0]  # (V)
        best = np.argsort(-row, kind="stable")[:LIKELIEST].tolist()
        likely = [f"{_text(trace, token)} {row[token]:.1%}" for token in best if row[token]]
        yield f"  next    {', '.join(likely)}"
    chosen = " ".join(_text(trace, token) for token in trace["generated.token"].tolist())
    over = "; the text ends there" if trace.ended else ""
    yield f"  chosen  {chosen}  ({_rule(trace)}{over})"
    if "heads.attribution" in trace:
        index, head = trace.shown_head
        why = "it carries most from earlier tokens to the choice"
        if trace.shown_head != trace.best_head:
            why = "it was chosen; block {}, head {} carries most".format(*(i + 1 for i in trace.best_head))
        yield f"  shown   block {index + 1}, head {head + 1}: {why}"
    yield f"  look    llm-lesson inspect {command}"
    yield f"  prove   llm-lesson check {command}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _text(trace: Trace, token: int) -> str:
    content = trace.token_bytes(token)
    return f"#{token}" if content is None else shorten(visible(content), 24)


def _rule(trace: Trace) -> str:
    sampling = trace.meta.sampling
    if sampling.greedy:
        return "the likeliest each time"
    given = {"temperature": sampling.temperature, "top-k": sampling.top_k, "top-p": sampling.top_p}
    parts = [f"{name} {value:g}" for name, value in given.items() if value is not None]
    return ", ".join([*parts, f"seed {sampling.seed}"])

"""The trace that a lesson begins with: what it is of, what it looks at, and what is said of that."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from llmtrace import Look, SettingError, Trace, capture
from llmtrace.meta import EXAMPLE
from renders.errors import RequestError
from renders.progress import NullReporter
from renders.request import LessonRequest
from renders.tracing import remarks, traced
from scenes.focus import focus

PROMPT = "My cat sleeps"
ALONE = """
import sys
from pathlib import Path
from renders.progress import NullReporter
from renders.request import LessonRequest
from renders.tracing import traced
path = Path(sys.argv[1])
trace = traced(LessonRequest("My cat sleeps", new_tokens=2, cache=path / "cache"), path / "t", NullReporter())
print(trace.meta.prompt, "torch" in sys.modules)
"""


class Told(NullReporter):
    def __init__(self) -> None:
        self.notes, self.counts = list[str](), list[tuple[int, int]]()

    def note(self, text: str) -> None:
        self.notes.append(text)

    def tokens(self, done: int, total: int) -> None:
        self.counts.append((done, total))


def test_a_choice_is_in_the_trace_and_in_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told, plain = Told(), LessonRequest(PROMPT, new_tokens=2, cache=tmp_path / "cache")
    chosen = replace(plain, head=(2, 3), query="cat", key=1)
    of = {one: traced(one, tmp_path / f"{n}.safetensors", told) for n, one in enumerate((plain, chosen))}
    assert told.counts == [(1, 2), (2, 2)] * 2
    assert focus(of[plain]).query == of[plain].length - 1
    f = focus(of[chosen])
    assert (f.block, f.head, f.query, f.key) == (1, 2, 1, 0)
    monkeypatch.setattr("llmtrace.capture", lambda *_a, **_o: pytest.fail("it is traced anew"))
    assert focus(traced(chosen, tmp_path / "again.safetensors", told)) == f


def test_who_makes_a_lesson_needs_no_memory_for_the_model(tmp_path: Path) -> None:
    """The model runs in a process of its own, and the trace is the same."""
    run = subprocess.run([sys.executable, "-c", ALONE, tmp_path], capture_output=True, text=True, check=False)
    assert run.stdout == f"{PROMPT} False\n", run.stderr
    traced(LessonRequest(PROMPT, new_tokens=2, cache=tmp_path), tmp_path / "here", NullReporter())
    one, other = Trace.load(tmp_path / "t"), Trace.load(tmp_path / "here")
    assert one.names() == other.names()
    for name in one:  # a library may add in another order where memory lies otherwise
        np.testing.assert_allclose(one[name], other[name], rtol=1e-4, atol=1e-5)


def test_a_long_trace_says_its_size_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    monkeypatch.setattr("renders.tracing.LARGE", 1000)
    traced(LessonRequest(PROMPT, new_tokens=1, cache=tmp_path), tmp_path / "t.safetensors", told)
    assert told.notes[0].startswith("the trace will take about ")


def test_a_file_may_be_looked_at_anew(tmp_path: Path) -> None:
    before = EXAMPLE.read_bytes()
    request = LessonRequest("What will be", trace=EXAMPLE, query=2)
    made = traced(request, tmp_path / "t.safetensors", NullReporter())
    assert focus(made).query == 1
    assert made.changed() == []
    assert focus(made).key == int(made[focus(made).tensor("pattern")][focus(made).head, 1].argmax())
    assert EXAMPLE.read_bytes() == before
    plain = traced(replace(request, query=None), tmp_path / "plain.safetensors", NullReporter())
    assert (tmp_path / "plain.safetensors").read_bytes() == before
    assert focus(plain).query == 2


def test_a_file_has_one_heads_weights(tmp_path: Path) -> None:
    index, head = Trace.load(EXAMPLE).shown_head
    has = LessonRequest("What will be", trace=EXAMPLE, head=(index + 1, head + 1))
    assert traced(has, tmp_path / "t.safetensors", NullReporter()).shown_head == (index, head)
    other = replace(has, head=(1, 1) if (index, head) != (0, 0) else (1, 2))
    with pytest.raises(
        RequestError, match=r"has the weights of head .* alone; .* trace the prompt with --head"
    ):
        traced(other, tmp_path / "t.safetensors", NullReporter())
    with pytest.raises(SettingError, match="query 9: the prompt has tokens 1 to 3"):
        traced(replace(has, query=9), tmp_path / "t.safetensors", NullReporter())


def test_what_is_said_once() -> None:
    plain = LessonRequest(PROMPT)
    trace = capture(PROMPT, new_tokens=1)
    assert list(remarks(plain, trace)) == []
    (line,) = remarks(replace(plain, language="de"), trace)
    assert line.startswith("gpt2-pocket: reads English, so give it an English prompt")
    (line,) = remarks(plain, capture(PROMPT, new_tokens=1, look=Look(query="cat")))
    assert line.startswith("query 2: is not the last token, 4, and it is the last that guesses")
    other = replace(trace.meta, model=replace(trace.meta.model, name="somebody/a-german-gpt2"))
    assert list(remarks(replace(plain, language="de"), Trace({n: trace[n] for n in trace}, other))) == []

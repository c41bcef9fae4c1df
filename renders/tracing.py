"""The trace that a lesson begins with: made by a model, kept from before, or taken from a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from llmtrace.describe import size_of
from llmtrace.known import KNOWN
from llmtrace.look import Look
from llmtrace.meta import BUNDLED, BUNDLED_FOLDER
from llmtrace.trace import Trace
from renders.errors import RequestError
from renders.limits import LARGE
from renders.processes import apart
from renders.progress import NullReporter, Reporter
from renders.request import LessonRequest, usable
from renders.store import layout
from scenes.letters import is_han, lacking

_TRACED_BY = ("torch", "transformers", "tokenizers", "numpy")


def traced(
    request: LessonRequest, path: Path, reporter: Reporter, meanwhile: Callable[[], None] = lambda: None
) -> Trace:
    """The trace at `path`: one that was given or kept, or a new one, before which `meanwhile` is called.

    What is to be said of it is noted.
    """
    return _told(request, _traced(request, path, reporter, meanwhile), reporter.note)


def _traced(request: LessonRequest, path: Path, reporter: Reporter, meanwhile: Callable[[], None]) -> Trace:
    if request.trace is not None:
        return _given(request.trace, request.look, path)
    from renders.store.cache import ArtifactCache

    kept, key = ArtifactCache("traces", request.cache), _trace_key(request)
    if key is not None and kept.get(key, path) is not None:
        return Trace.load(path)

    def told(content: int | tuple[int, int]) -> None:
        if isinstance(content, tuple):
            reporter.tokens(*content)
        elif content > LARGE:
            reporter.note(f"the trace will take about {size_of(content)}")

    if "torch" in sys.modules:  # it was loaded for something else, and takes its memory as it is
        meanwhile()
        _capture(request, path, told)
    else:
        apart(_capture, request, path, told=told, meanwhile=meanwhile)
    if key is not None:
        kept.put(key, path, {})
    return Trace.load(path)


def _capture(request: LessonRequest, path: Path, tell: Callable[[int | tuple[int, int]], object]) -> None:
    """Traces to a file; tells about how many bytes it will take, and each token, of how many, as it comes."""
    from llmtrace import capture  # here, so that looking at a lesson never loads torch

    capture(
        request.prompt,
        request.model,
        new_tokens=request.new_tokens,
        sampling=request.sampling,
        look=request.look,
        surroundings=True,
        to=path,
        foretell=tell,
        each=lambda done, total: tell((done, total)),
    )


def _given(file: Path, look: Look, path: Path) -> Trace:
    """The trace of a file, at `path`, with what is looked at.

    Raises `RequestError` for another head than the one whose weights the file has.
    """
    import shutil

    found = usable(file)
    if look.head not in (None, found.shown_head):
        has, wanted = (f"{index + 1}.{head + 1}" for index, head in (found.shown_head, look.head))
        raise RequestError(
            f"{file}: has the weights of head {has} alone; leave --head out, or trace the prompt with "
            f"--head {wanted}"
        )
    meta = found.meta
    pieces = [found.token_bytes(token) for token in found["tokens"].tolist()]
    chosen = (
        look.query if look.query is not None else meta.query,
        look.key if look.key is not None else meta.key,
    )
    query, key = Look(found.shown_head, *chosen).placed(pieces, meta.model)
    if (query, key) == (meta.query, meta.key):
        shutil.copyfile(file, path)
    else:
        asks = query == meta.query  # else the loudest neurons are those of another token
        kept = {name: found[name] for name in found if asks or not name.startswith("neurons.")}
        Trace(kept, replace(meta, query=query, key=key)).save(path)
    return Trace.load(path)


@contextmanager
def kept_trace(request: LessonRequest, note: Callable[[str], object]) -> Iterator[Trace]:
    """The same in a place of its own, for as long as the block runs; `note` is handed what is to be said."""
    with TemporaryDirectory(prefix="llm-lesson-") as place:
        trace = _traced(request, Path(place) / layout.TRACE, NullReporter(), lambda: None)
        yield _told(request, trace, note)


def _told(request: LessonRequest, trace: Trace, note: Callable[[str], object]) -> Trace:
    for remark in remarks(request, trace):
        note(remark)
    return trace


def remarks(request: LessonRequest, trace: Trace) -> Iterator[str]:
    """What is to be said once of a lesson that is made as it is asked for."""
    reads = {known.name: known.language for known in KNOWN}.get(trace.meta.model.name)
    if reads == LessonRequest.language != request.language:
        yield (
            f"{trace.meta.model.name}: reads English, so give it an English prompt; "
            f"--language {request.language} is what the lesson is told in"
        )
    if lacks := lacking(trace.meta.prompt or ""):
        packages = "fonts-noto-cjk" if any(map(is_han, lacks)) else "fonts-noto-core fonts-symbola"
        yield (
            f"“{lacks[:8]}”: no font of this machine has that, so code points are drawn in its place; "
            f"on Debian: apt-get install {packages}"
        )
    query = trace.meta.query
    if query is not None and query != trace.length - 1:
        yield (
            f"query {query + 1}: is not the last token, {trace.length}, and it is the last that guesses what "
            "comes next"
        )


def _trace_key(request: LessonRequest) -> str | None:
    """Of a prompt's trace; None for a model whose files are not known without asking a hub."""
    import llmtrace
    from renders.store.cache import digest, key
    from renders.store.fingerprint import sources, versions

    folder = BUNDLED_FOLDER if request.model == BUNDLED else Path(request.model)
    if not folder.is_dir():
        return None
    files = [
        (path.name, digest(path))
        for pattern in ("*.safetensors", "*.json", "*.txt", "*.model")
        for path in sorted(folder.glob(pattern))
    ]
    code = sources(Path(llmtrace.__file__).parent)
    run = (request.prompt, request.model, request.new_tokens, asdict(request.sampling), asdict(request.look))
    return key("trace", code, versions(_TRACED_BY), files, *run)

"""Chapters and beats, written from a trace: what is said, in written form. Imports no manim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter

from llmtrace.errors import FamilyError
from llmtrace.trace import Trace
from scenes.catalogue import catalogue
from scenes.focus import agreeing_column, focus, token
from scenes.reading import Reading, Value, reading


@dataclass(frozen=True)
class Mark:
    """A word that the picture waits for: its name, and where in its beat's text it begins."""

    name: str
    at: int


@dataclass(frozen=True)
class Beat:
    """A few sentences and the picture that goes with them. Its numbers are all in `readings`."""

    name: str
    text: str
    readings: tuple[Reading, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Chapter:
    name: str
    title: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True)
class Lesson:
    prompt: str
    level: str
    language: str
    chapters: tuple[Chapter, ...]

    def chapter(self, name: str) -> Chapter:
        return next(chapter for chapter in self.chapters if chapter.name == name)


def write_lesson(trace: Trace, chapters: Sequence[str] | None = None, level: str = "full") -> Lesson:
    """The lesson of a trace: all chapters, or those named, in the order of the path.

    It is in the language that is set (`scenes.catalogue.told_in`).
    """
    model = trace.meta.model
    if model.family != "gpt2":  # the pictures and the words are those of its parts
        raise FamilyError(
            f"{model.name}: a lesson is of a GPT-2, and this model is of the family {model.family!r}; "
            "'llm-lesson trace' and 'inspect' take it"
        )
    chosen = [name for name in CHAPTERS if chapters is None or name in chapters]
    words = catalogue()
    written = tuple(Chapter(name, words.titles[name], tuple(CHAPTERS[name](trace))) for name in chosen)
    return Lesson(_prompt(trace).text, level, words.language, written)


def say(name: str, *keys: str, **readings: Reading) -> Beat:
    """A beat from the catalogue's templates of these keys, with a reading for each of their fields."""
    return told(name, " ".join(catalogue().beats[key] for key in keys), **readings)


def told(name: str, template: str, **readings: Reading) -> Beat:
    """A beat from a template with a `{field}` for each reading; the template itself holds no number.

    A `{*mark}` is left out of the text: it names the word that follows it, for the picture to wait for.
    """
    if any(char.isdigit() for char in template.replace("GPT-2", "")):
        raise ValueError(f"beat {name}: a number must be a reading, not part of the text: {template}")
    text, used, marks = "", list[Reading](), list[Mark]()
    for literal, field, _, _ in Formatter().parse(template):
        text += literal
        if field and field.startswith("*"):
            marks.append(Mark(field[1:], len(text)))
        elif field:
            text += readings[field].text
            used.append(readings[field])
    return Beat(name, text, tuple(used), tuple(marks))


def _prompt(trace: Trace) -> Reading:
    if trace.meta.prompt is None:
        return reading(trace, "tokens", how="count").integer()
    return reading(trace, "meta.prompt", how="meta").name()


def _model(trace: Trace, field: str) -> Value:
    return reading(trace, f"meta.model.{field}", how="meta")


def _opening(t: Trace) -> list[Beat]:
    ids = "opening.one id" if t.length == 1 else "opening.ids"
    return [
        say("sentence", ids if t.meta.prompt is None else "opening.sentence", prompt=_prompt(t)),
        say(
            "model",
            "opening.model",
            model=_model(t, "name").name(),
            blocks=_model(t, "blocks").integer(),
            heads=_model(t, "heads").integer(),
            parameters=_model(t, "parameters").rounded(),
        ),
        say("promise", "opening.promise"),
    ]


def _tokens(t: Trace) -> list[Beat]:
    cut = ["tokens.single" if t.length == 1 else "tokens.cut"]
    if any((t.token_bytes(int(i)) or b"").startswith(b" ") for i in t["tokens"]):
        cut.append("tokens.spaced")
    return [
        say("cut", *cut, count=reading(t, "tokens", how="count").integer()),
        say("ids", "tokens.ids", word=token(t, 0).word(), id=token(t, 0).id()),
    ]


def _embedding(t: Trace) -> list[Beat]:
    return [
        say("lookup", "embedding.lookup"),
        say(
            "vector",
            "embedding.vector",
            width=reading(t, "embed.token", 1, how="size").integer(),
            word=token(t, 0).word(),
            value=reading(t, "embed.token", 0, 0).decimal(),
            second=reading(t, "embed.token", 0, 1).decimal(),
        ),
    ]


def _position(t: Trace) -> list[Beat]:
    last = t.length - 1
    column = agreeing_column(t, last, 2, 12)
    parts = {
        part: reading(t, f"embed.{part}", last, column).decimal() for part in ("token", "position", "sum")
    }
    return [say("seats", "position.seats"), say("add", "position.add", **parts)]


def _attention(t: Trace) -> list[Beat]:
    f = focus(t)
    query, key = token(t, f.query).word(), token(t, f.key).word()

    def cell(stage: str) -> Value:
        return reading(t, f.tensor(stage), f.head, f.query, f.key)

    return [
        say(
            "head",
            "attention.head",
            count=reading(t, "heads.attribution", how="count").integer(),
            head=reading(t, "heads.attribution", 1, how="argmax").ordinal(),
            block=reading(t, "heads.attribution", 0, how="argmax").ordinal(),
        ),
        say("scores", "attention.scores", query=query, key=key, score=cell("scores").decimal(1)),
        say(
            "scaled",
            "attention.scaled",
            width=_model(t, "head_width").integer(),
            after=cell("scaled").decimal(1),
        ),
        say("mask", "attention.mask"),
        say("softmax", "attention.softmax"),
        say(
            "arcs",
            "attention.arcs to itself" if f.key == f.query else "attention.arcs",
            query=query,
            key=key,
            weight=cell("pattern").percent(),
        ),
        say("context", "attention.context"),
    ]


def _output(t: Trace) -> list[Beat]:
    likeliest, other = (reading(t, "generated.probability", 0, rank, how="ranked") for rank in (0, 1))
    chosen = reading(t, "generated.token", 0)
    return [
        say(
            "logits",
            "output.logits",
            blocks=_model(t, "blocks").integer(),
            size=reading(t, "logits", how="count").integer(),
        ),
        say(
            "softmax",
            "output.softmax",
            likeliest=likeliest.word(),
            p=reading(t, "generated.probability", 0, likeliest.value).percent(1),
            other=other.word(),
            q=reading(t, "generated.probability", 0, other.value).percent(1),
        ),
        say(
            "choice",
            "output.greedy" if t.meta.sampling.greedy else "output.drawn",
            word=chosen.word(),
            chance=reading(t, "generated.probability", 0, chosen.value).percent(1),
        ),
    ]


def _loop(t: Trace) -> list[Beat]:
    beats = [say("append", "loop.append")]
    for step in range(1, int(t["generated.token"].shape[0])):
        chosen = reading(t, "generated.token", step)
        chance = reading(t, "generated.probability", step, chosen.value).percent(1)
        start = "loop.next" if step == 1 else "loop.then"
        beats.append(say(f"step{step}", start, word=chosen.word(), p=chance))
    return [*beats, say("end", "loop.end")]


CHAPTERS: dict[str, Callable[[Trace], list[Beat]]] = {
    "opening": _opening,
    "tokens": _tokens,
    "embedding": _embedding,
    "position": _position,
    "attention": _attention,
    "output": _output,
    "loop": _loop,
}

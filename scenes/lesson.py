"""Chapters and beats, written from a trace: what is said, in written form. Imports no manim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from string import Formatter

from llmtrace.trace import Trace
from scenes.focus import agreeing_column, focus, token
from scenes.reading import Reading, Value, reading


@dataclass(frozen=True)
class Beat:
    """A few sentences and the picture that goes with them. Its numbers are all in `readings`."""

    name: str
    text: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Chapter:
    name: str
    title: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True)
class Lesson:
    prompt: str
    level: str
    chapters: tuple[Chapter, ...]

    def chapter(self, name: str) -> Chapter:
        return next(chapter for chapter in self.chapters if chapter.name == name)


def write_lesson(trace: Trace, chapters: Sequence[str] | None = None, level: str = "full") -> Lesson:
    """The lesson of a trace: all chapters, or those named, in the order of the path."""
    chosen = [name for name in CHAPTERS if chapters is None or name in chapters]
    written = tuple(
        Chapter(name, CHAPTERS[name].title, tuple(CHAPTERS[name].write(trace))) for name in chosen
    )
    return Lesson(_prompt(trace).text, level, written)


def say(name: str, template: str, **readings: Reading) -> Beat:
    """A beat from a template with a `{field}` for each reading; the template itself holds no number."""
    if any(char.isdigit() for char in template.replace("GPT-2", "")):
        raise ValueError(f"beat {name}: a number must be a reading, not part of the text: {template}")
    used = [field for _, field, _, _ in Formatter().parse(template) if field]
    text = template.format_map({field: readings[field].text for field in used})
    return Beat(name, text, tuple(readings[field] for field in used))


def _prompt(trace: Trace) -> Reading:
    if trace.meta.prompt is None:
        return reading(trace, "tokens", how="count").integer()
    return reading(trace, "meta.prompt", how="meta").name()


def _model(trace: Trace, field: str) -> Value:
    return reading(trace, f"meta.model.{field}", how="meta")


def _opening(t: Trace) -> list[Beat]:
    ids = f"{{prompt}} {'token' if t.length == 1 else 'tokens'}, given as ids … Which one comes next?"
    return [
        say(
            "sentence",
            ids if t.meta.prompt is None else "“{prompt}” … Which word comes next?",
            prompt=_prompt(t),
        ),
        say(
            "model",
            "We ask {model}: a GPT-2 of {blocks} blocks, with {heads} heads in each, "
            "and {parameters} learned numbers.",
            model=_model(t, "name").name(),
            blocks=_model(t, "blocks").integer(),
            heads=_model(t, "heads").integer(),
            parameters=_model(t, "parameters").rounded(),
        ),
        say("promise", "Every number here is read from its run on these words."),
    ]


def _tokens(t: Trace) -> list[Beat]:
    single = "The text is a single token."
    many = "The text is cut into {count} tokens."
    spaced = any((t.token_bytes(int(i)) or b"").startswith(b" ") for i in t["tokens"])
    return [
        say(
            "cut",
            (single if t.length == 1 else many) + (" The small mark is a space." if spaced else ""),
            count=reading(t, "tokens", how="count").integer(),
        ),
        say(
            "ids",
            "Each has a number in the vocabulary: {word} is {id}.",
            word=token(t, 0).word(),
            id=token(t, 0).id(),
        ),
    ]


def _embedding(t: Trace) -> list[Beat]:
    return [
        say("lookup", "That number picks one row of a learned table:"),
        say(
            "vector",
            "an embedding of {width} values. For {word}, the first is {value}.",
            width=reading(t, "embed.token", 1, how="size").integer(),
            word=token(t, 0).word(),
            value=reading(t, "embed.token", 0, 0).decimal(),
        ),
    ]


def _position(t: Trace) -> list[Beat]:
    last = t.length - 1
    column = agreeing_column(t, last, 2, 12)
    parts = {
        part: reading(t, f"embed.{part}", last, column).decimal() for part in ("token", "position", "sum")
    }
    return [
        say("seats", "Order matters, so each place has a learned vector too."),
        say(
            "add",
            "The two are added, cell by cell: {token} plus {position} makes {sum}.",
            **parts,
        ),
    ]


def _attention(t: Trace) -> list[Beat]:
    f = focus(t)
    query, key = token(t, f.query).word(), token(t, f.key).word()

    def cell(stage: str) -> Value:
        return reading(t, f.tensor(stage), f.head, f.query, f.key)

    return [
        say(
            "head",
            "Now tokens pass on what they know. Of {count} heads, head {head} of block {block} "
            "carries most to the answer.",
            count=reading(t, "heads.attribution", how="count").integer(),
            head=reading(t, "heads.attribution", 1, how="argmax").ordinal(),
            block=reading(t, "heads.attribution", 0, how="argmax").ordinal(),
        ),
        say(
            "scores",
            "Each token asks with its query, and answers with its key. "
            "Their dot product scores the match: {query} with {key} gets {score}.",
            query=query,
            key=key,
            score=cell("scores").decimal(1),
        ),
        say(
            "scaled",
            "Divided by √d_k, the root of {width}, it becomes {after}.",
            width=_model(t, "head_width").integer(),
            after=cell("scaled").decimal(1),
        ),
        say("mask", "The future is struck out: no token looks ahead."),
        say("softmax", "Softmax turns each row into weights that add up to one."),
        say(
            "arcs",
            "{query} gives {weight} of its attention to " + ("itself." if f.key == f.query else "{key}."),
            query=query,
            key=key,
            weight=cell("pattern").percent(),
        ),
        say("context", "The tokens' values, dimmed by these weights, add up to a context vector."),
    ]


def _output(t: Trace) -> list[Beat]:
    likeliest = reading(t, "generated.probability", 0, 0, how="ranked")
    chosen = reading(t, "generated.token", 0)
    greedy = "The likeliest one is taken: {word}."
    drawn = "One is drawn by these chances: {word}, which had {chance}."
    return [
        say(
            "logits",
            "After {blocks} blocks, the last vector is scored against all {size} tokens: the logits.",
            blocks=_model(t, "blocks").integer(),
            size=reading(t, "logits", how="count").integer(),
        ),
        say(
            "softmax",
            "Softmax makes them probabilities: {likeliest} gets {p}.",
            likeliest=likeliest.word(),
            p=reading(t, "generated.probability", 0, likeliest.value).percent(1),
        ),
        say(
            "choice",
            greedy if t.meta.sampling.greedy else drawn,
            word=chosen.word(),
            chance=reading(t, "generated.probability", 0, chosen.value).percent(1),
        ),
    ]


def _loop(t: Trace) -> list[Beat]:
    beats = [say("append", "It joins the sentence, and all starts again.")]
    for step in range(1, int(t["generated.token"].shape[0])):
        chosen = reading(t, "generated.token", step)
        chance = reading(t, "generated.probability", step, chosen.value).percent(1)
        start = "Next comes" if step == 1 else "then"
        beats.append(say(f"step{step}", start + " {word}, with {p}.", word=chosen.word(), p=chance))
    return [*beats, say("end", "One token at a time: this is how it writes.")]


@dataclass(frozen=True)
class _Writer:
    title: str
    write: Callable[[Trace], list[Beat]]


CHAPTERS: dict[str, _Writer] = {
    "opening": _Writer("What comes next?", _opening),
    "tokens": _Writer("Tokens", _tokens),
    "embedding": _Writer("Embedding", _embedding),
    "position": _Writer("Position", _position),
    "attention": _Writer("Attention", _attention),
    "output": _Writer("Output", _output),
    "loop": _Writer("The loop", _loop),
}

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
    sentence = "Here is the beginning of a sentence: “{prompt}” … Which word comes next?"
    ids = "Here are {prompt} tokens … Which one comes next?"
    return [
        say("sentence", ids if t.meta.prompt is None else sentence, prompt=_prompt(t)),
        say(
            "model",
            "We ask {model}, a GPT-2 with {blocks} blocks of {heads} attention heads each, "
            "and {parameters} numbers that it learned from text.",
            model=_model(t, "name").name(),
            blocks=_model(t, "blocks").integer(),
            heads=_model(t, "heads").integer(),
            parameters=_model(t, "parameters").integer(),
        ),
        say(
            "promise",
            "Every number that you will see or hear was read inside it, as it worked on these words.",
        ),
    ]


def _tokens(t: Trace) -> list[Beat]:
    count = reading(t, "tokens", how="count").integer()
    cut = "First, the text is cut into tokens: pieces of text that the model knows. "
    cut += "Here it is a single one." if t.length == 1 else "Here there are {count}."
    spaced = any((t.token_bytes(int(i)) or b"").startswith(b" ") for i in t["tokens"])
    mark = " The small mark is a space: it belongs to the word that follows it."
    return [
        say("cut", cut + mark if spaced else cut, count=count),
        say(
            "ids",
            "Each token has a number in a vocabulary of {size}: {word} is number {id}. "
            "From here on, the model sees no letters, only numbers.",
            size=_model(t, "vocabulary").integer(),
            word=token(t, 0).word(),
            id=token(t, 0).id(),
        ),
    ]


def _embedding(t: Trace) -> list[Beat]:
    row = {"abc"[column]: reading(t, "embed.token", 0, column).decimal() for column in range(3)}
    return [
        say(
            "lookup",
            "Each of these numbers picks one row from a table that the model has learned, "
            "with a row for every token that it knows.",
        ),
        say(
            "vector",
            "The row is the token's embedding: {width} numbers. For {word} they begin with {a}, {b} and {c}. "
            "Orange cells are positive, blue ones negative.",
            width=reading(t, "embed.token", 1, how="size").integer(),
            word=token(t, 0).word(),
            **row,
        ),
    ]


def _position(t: Trace) -> list[Beat]:
    last = t.length - 1
    column = agreeing_column(t, last, 2, 16)
    parts = {
        part: reading(t, f"embed.{part}", last, column).decimal() for part in ("token", "position", "sum")
    }
    return [
        say(
            "seats",
            "The order of the words matters too. "
            "So every place in the sentence has a learned vector of its own.",
        ),
        say(
            "add",
            "The two are added, cell by cell. In the framed cell of {word}, {token} plus {position} makes "
            "{sum}. This sum is what enters the first block.",
            word=token(t, last).word(),
            **parts,
        ),
    ]


def _attention(t: Trace) -> list[Beat]:
    f = focus(t)
    query, key = token(t, f.query).word(), token(t, f.key).word()

    def cell(stage: str) -> Value:
        return reading(t, f.tensor(stage), f.head, f.query, f.key)

    width = reading(t, "meta.model.head_width", how="meta").integer()
    return [
        say(
            "head",
            "In attention, tokens pass on what they know. Of all {count} heads, we look at the one that "
            "carries most from the earlier tokens to the answer: head {head} of block {block}.",
            count=reading(t, "heads.attribution", how="count").integer(),
            head=reading(t, "heads.attribution", 1, how="argmax").ordinal(),
            block=reading(t, "heads.attribution", 0, how="argmax").ordinal(),
        ),
        say(
            "scores",
            "Every token asks a question, its query, and offers a label, its key. Where the two match, "
            "their dot product is large. For {query} and {key} it is {score}.",
            query=query,
            key=key,
            score=cell("scores").decimal(1),
        ),
        say(
            "scaled",
            "All scores are divided by √d_k, the square root of the {width} numbers in a key, "
            "which keeps them moderate: {before} becomes {after}.",
            width=width,
            before=cell("scores").decimal(1),
            after=cell("scaled").decimal(1),
        ),
        say("mask", "No token may look ahead. So the future is struck out, with a score of minus infinity."),
        say("softmax", "Then softmax turns each row into weights: all positive, and together exactly one."),
        say(
            "arcs",
            "The last token, {query}, gives {weight} of its attention to "
            + ("itself." if f.key == f.query else "{key}."),
            query=query,
            key=key,
            weight=cell("pattern").percent(),
        ),
        say(
            "context",
            "Each token also holds a value: what it has to tell. Dimmed by their weights and added up, "
            "the values make the context vector that {query} carries on.",
            query=query,
        ),
    ]


def _output(t: Trace) -> list[Beat]:
    first, second = (reading(t, "generated.probability", 0, rank, how="ranked") for rank in (0, 1))
    chosen = reading(t, "generated.token", 0)
    greedy = "The likeliest one is taken: {word} fills the blank."
    drawn = "Then a token is drawn by these chances. This time it is {word}, which had {chance}."
    return [
        say(
            "logits",
            "After {blocks} blocks, the last vector is compared with every token of the vocabulary. "
            "That gives {size} scores, the logits.",
            blocks=_model(t, "blocks").integer(),
            size=reading(t, "logits", how="count").integer(),
        ),
        say(
            "softmax",
            "Softmax turns them into probabilities: {first} gets {p}, and {second} gets {q}.",
            first=first.word(),
            p=reading(t, "generated.probability", 0, first.value).percent(1),
            second=second.word(),
            q=reading(t, "generated.probability", 0, second.value).percent(1),
        ),
        say(
            "choice",
            greedy if t.meta.sampling.greedy else drawn,
            word=chosen.word(),
            chance=reading(t, "generated.probability", 0, chosen.value).percent(1),
        ),
    ]


def _loop(t: Trace) -> list[Beat]:
    steps = int(t["generated.token"].shape[0])
    beats = [
        say("append", "The new token joins the others, and the whole path is walked again, for the next.")
    ]
    for step in range(1, steps):
        opening = "Now it is" if step == 1 else "And" if step == steps - 1 else "Then"
        chosen = reading(t, "generated.token", step)
        chance = reading(t, "generated.probability", step, chosen.value).percent(1)
        beats.append(say(f"step{step}", opening + " {word}, with {p}.", word=chosen.word(), p=chance))
    return [*beats, say("end", "This loop is all there is to it: a model writes one token at a time.")]


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

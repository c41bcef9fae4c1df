"""`opening`: the sentence with a blank, the answer for a moment, the machine with its card, the promise."""

from __future__ import annotations

from llmtrace.meta import BUNDLED, ModelCard
from scenes.focus import prompt
from scenes.forms import LETTERS_A_WORD
from scenes.published import MODELS, parameters
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say

LONG = 40  # words of a prompt that is read in part only: a quarter of a minute
READ = 25  # of which so many are read
_CHARACTERS = LETTERS_A_WORD * LONG
OPENAI = {  # their published models, by the names that they have here
    "gpt2": "GPT-2 small",
    "gpt2-medium": "GPT-2 medium",
    "gpt2-large": "GPT-2 large",
    "gpt2-xl": "GPT-2 XL",
}


def sentence(read: Reader) -> Said:
    written = read.trace.meta.prompt
    if written is None:
        return say("ids", prompt=prompt(read))
    if len(written.split()) <= LONG and len(written) <= _CHARACTERS:
        return say("text", prompt=prompt(read))
    unit = "words" if len(written.split()) > READ else "characters"  # of a script without spaces
    return say(
        f"long_{unit}",
        prompt=read("meta.prompt", how="meta").beginning(READ),
        count=read("meta.prompt", how=unit).integer(),
    )


def answer(_read: Reader) -> Said:
    return say()


def model(read: Reader) -> Said:
    return say(
        "asked",
        *([] if read.locale.level == "math" else _kind(read.trace.meta.model)),
        model=read("meta.model.name", how="meta").name(),
        blocks=read("meta.model.blocks", how="meta").integer(),
        heads=read("meta.model.heads", how="meta").integer(),
        parameters=read("meta.model.parameters", how="meta").rounded(),
    )


def _kind(card: ModelCard) -> tuple[str, ...]:
    """Who trained it on what, as far as its name and its size tell."""
    if card.name == BUNDLED:
        return ("ours",)
    name = card.name.removeprefix("openai-community/")
    if name in OPENAI and sum(parameters(MODELS[OPENAI[name]]).values()) == card.parameters:
        return ("smallest",) if name == "gpt2" else ("openai",)
    return ()


def promise(read: Reader) -> Said | tuple[()]:
    """The closing says it too: where there is less time, once is enough."""
    return say() if read.locale.level == "full" else ()


script = Script(
    (sentence, answer, model, promise),
    enters=Handover("", "nothing"),
    leaves=Handover("whole", "sentence"),
)

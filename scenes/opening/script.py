"""`opening`: the sentence with a blank, the model's card, and the promise."""

from __future__ import annotations

from scenes.focus import prompt
from scenes.forms import LETTERS_A_WORD
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say

LONG = 40  # words of a prompt that is read in part only: a quarter of a minute
READ = 25  # of which so many are read
_CHARACTERS = LETTERS_A_WORD * LONG


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


def model(read: Reader) -> Said:
    return say(
        model=read("meta.model.name", how="meta").name(),
        blocks=read("meta.model.blocks", how="meta").integer(),
        heads=read("meta.model.heads", how="meta").integer(),
        parameters=read("meta.model.parameters", how="meta").rounded(),
    )


def promise(_read: Reader) -> Said:
    return say()


script = Script(
    (sentence, model, promise), enters=Handover("", "nothing"), leaves=Handover("whole", "sentence")
)

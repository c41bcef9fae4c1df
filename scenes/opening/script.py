"""`opening`: the sentence with a blank, the model's card, and the promise."""

from __future__ import annotations

from scenes.focus import prompt
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def sentence(read: Reader) -> Said:
    return say("ids" if read.trace.meta.prompt is None else "text", prompt=prompt(read))


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
    (sentence, model, promise), enters=Handover("whole", "nothing"), leaves=Handover("entry", "sentence")
)

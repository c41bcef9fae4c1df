"""`tokens`: the text falls into boxes, and each box gets its number."""

from __future__ import annotations

from scenes.focus import token
from scenes.reading import Reader
from scenes.script import Handover, Said, Script, say


def cut(read: Reader) -> Said:
    trace = read.trace
    texts = ["single" if trace.length == 1 else "several"]
    if any((trace.token_bytes(int(i)) or b"").startswith(b" ") for i in trace["tokens"]):
        texts.append("spaced")
    return say(*texts, count=read("tokens", how="count").integer())


def ids(read: Reader) -> Said:
    return say(word=token(read, 0).word(), id=token(read, 0).id())


script = Script((cut, ids), enters=Handover("entry", "sentence"), leaves=Handover("entry", "tokens"))

"""A prompt as a model reads it: its ids, and what is to be known for them to spell it."""

from __future__ import annotations

from collections.abc import Sequence

from llmtrace import tokens
from llmtrace.errors import PromptError, TokenIdError, TooLongError
from llmtrace.loading import LoadedModel
from llmtrace.meta import Spelling
from llmtrace.tokens import Encoded, Spans


def read(prompt: str | Sequence[int], loaded: LoadedModel) -> Encoded:
    """The ids of a text, or those that are given; raises `PromptError` for what the model cannot take."""
    name, card = loaded.card.name, loaded.card
    if isinstance(prompt, str):
        if loaded.tokenizer is None:
            raise PromptError(f"{name}: has no tokenizer, so give token ids with --ids 1,2,3")
        found = tokens.encode(loaded.tokenizer, prompt)
        if not found.ids:
            raise PromptError(f"{name}: its tokenizer makes no token of this prompt; give another one")
    else:
        found = Encoded(list(prompt), [], ())
    for place, token in enumerate(found.ids):
        if not 0 <= token < card.vocabulary:  # a tokenizer may know more tokens than the model
            raise TokenIdError(_unknown(prompt, found, place, loaded))
    if len(found.ids) > card.context:
        raise TooLongError(
            f"the prompt is {len(found.ids):,} tokens long, and {name} reads at most {card.context:,}; "
            "shorten it"
        )
    return found


def _unknown(prompt: str | Sequence[int], found: Encoded, place: int, loaded: LoadedModel) -> str:
    name, token, highest = loaded.card.name, found.ids[place], loaded.card.vocabulary - 1
    if not isinstance(prompt, str):
        return f"id {token} (number {place + 1} of {len(found.ids)}): {name} has ids 0 to {highest}"
    start, end = found.offsets[place]
    what = f"“{prompt[start:end]}”"
    if place in found.added and loaded.tokenizer is not None:
        what = f"{loaded.tokenizer.id_to_token(token)}, which its tokenizer puts to every prompt,"
    return (
        f"{what} is token {token} of its tokenizer, and {name} has ids 0 to {highest}: the tokenizer is not "
        "the model's own; put that into its folder, or use other words"
    )


def spelled(prompt: str | Sequence[int], loaded: LoadedModel, found: Encoded) -> tuple[Spans, Spelling]:
    """Where each token stands in the bytes of the prompt, and how its tokens spell it."""
    if loaded.tokenizer is None or loaded.entries is None:
        return (), Spelling()
    pieces = [loaded.entries[token] for token in found.ids]
    if not isinstance(prompt, str):
        return tokens.spans(pieces, None), Spelling()
    spans = tokens.spans(pieces, prompt, found.offsets)
    return spans, tokens.spelling(loaded.tokenizer, loaded.content, prompt, found)

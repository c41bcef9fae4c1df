"""What of a run is looked at more closely: a head, and who asks whom. Counted from 0, as tensors' indices.

Where nothing is chosen, it is the head with the highest `heads.attribution`, the last token as query, and the
key that it weighs most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmtrace.errors import SettingError
from llmtrace.meta import ModelCard

_PIECES = 16  # tokens that a word is cut into at most
_LISTED = 24  # tokens that a message lists

Pieces = Sequence[bytes | None]  # what each token of the prompt stands for; None where nobody knows


@dataclass(frozen=True)
class Look:
    """A block and a head of it; the token that asks, and the one that answers: a place, or a word."""

    head: tuple[int, int] | None = None
    query: int | str | None = None
    key: int | str | None = None

    def placed(self, pieces: Pieces, card: ModelCard) -> tuple[int | None, int | None]:
        """The places of query and key in a prompt of these tokens.

        Raises `SettingError` for a head that the model does not have, for a place or a word that is not in
        the prompt, and for a key after the query; its message counts from 1, as people do.
        """
        if self.head is not None:
            block, head = self.head
            if not (0 <= block < card.blocks and 0 <= head < card.heads):
                raise SettingError(
                    f"head {block + 1}.{head + 1}: {card.name} has blocks 1 to {card.blocks}, "
                    f"and in each heads 1 to {card.heads}"
                )
        query, key = (
            _place(what, wanted, pieces) for what, wanted in (("query", self.query), ("key", self.key))
        )
        asks = len(pieces) - 1 if query is None else query
        if key is not None and key > asks:
            raise SettingError(
                f"key {key + 1}: comes after the query, token {asks + 1}, which sees only what is up to it; "
                f"name one of tokens 1 to {asks + 1}, or a later --query"
            )
        return query, key


def _place(what: str, wanted: int | str | None, pieces: Pieces) -> int | None:
    if wanted is None:
        return None
    if isinstance(wanted, int):
        if not 0 <= wanted < len(pieces):
            raise SettingError(f"{what} {wanted + 1}: the prompt has tokens 1 to {_listed(pieces)}")
        return wanted
    found = list(_standing(wanted, pieces)) or list(_standing(wanted, pieces, same_case=False))
    if not found:
        raise SettingError(f"{what} {wanted!r}: no such word; the prompt has tokens 1 to {_listed(pieces)}")
    if len(found) > 1:
        places = ", ".join(str(place + 1) for place in found)
        raise SettingError(f"{what} {wanted!r}: stands more than once; name its place, one of {places}")
    return found[0]


def _standing(word: str, pieces: Pieces, same_case: bool = True) -> Iterator[int]:
    """Where a word ends that one token is, or several in a row are."""

    def same(text: str) -> bool:
        return text == word if same_case else text.casefold() == word.casefold()

    word = word.strip()
    for end in range(len(pieces)):
        for start in range(end, max(-1, end - _PIECES), -1):
            if same(_text(pieces[start : end + 1]).strip()):
                if not _text(pieces[end : end + 1]).strip():
                    break  # a space alone, after the word
                yield end
                break


def _text(pieces: Pieces) -> str:
    return b"".join(piece or b"" for piece in pieces).decode(errors="replace")


def _listed(pieces: Pieces) -> str:
    """How many tokens there are, and which."""
    words = [_text([piece]).strip() or repr(_text([piece])) for piece in pieces if piece is not None]
    if not words:
        return f"{len(pieces)}"
    some = [f"{place} {word}" for place, word in enumerate(words[:_LISTED], start=1)]
    return f"{len(pieces)} ({', '.join([*some, '…'] if len(words) > _LISTED else some)})"

"""Word times from phoneme times.

A neural voice reads one stream of phonemes, in which words may melt together ("of the" is /ʌvðə/), and says
how many samples each took. Here the words, phonemised one by one, are laid beside that stream by a global
alignment (Needleman and Wunsch, 1970), so that every phoneme of the stream belongs to one word.
"""

import unicodedata
from collections.abc import Sequence

__all__ = ["align", "spans"]

_VOWELS = frozenset("aeiouyæɐɑɒɔəɚɛɜɝɞɨɪɵɶɯɤʉʊʌᵻøœʏ")
_GAP = -1.0
_BREAK_GAP = -0.4  # a break that only one side has: words melt together, and numbers fall apart
WORST = 0.25
"""Share of words that may find no phoneme of their own before the alignment is called a failure."""


def _is_sound(phoneme: str) -> bool:
    """A letter of the phonetic alphabet; not a stress, a length mark, a pause or a break."""
    return unicodedata.category(phoneme[0]) in ("Ll", "Lo")


def _likeness(a: str, b: str) -> float:
    if a == b:
        return 3.0 if a == " " else 2.0
    if " " in (a, b):
        return -9.0
    return 0.3 if (a[0] in _VOWELS) == (b[0] in _VOWELS) else -1.5


def align(words: Sequence[Sequence[str]], stream: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where each word lies in a stream of phonemes.

    `words`: each word's own phonemes. `stream`: the phonemes that were spoken, breaks and punctuation among
    them. Gives one (first, last + 1) range of stream positions a word, in order, without overlaps; or None
    when the two do not fit together. A word that no phoneme of the stream belongs to has an empty range.
    """
    a: list[tuple[str, int]] = []  # (sound or break, word)
    for index, word in enumerate(words):
        a += [(" ", -1)] * bool(a) + [(p, index) for p in word if _is_sound(p)]
    b: list[tuple[str, int]] = []  # (sound or break, position in the stream)
    for position, p in enumerate(stream):
        if _is_sound(p):
            b.append((p, position))
        elif not unicodedata.category(p[0]).startswith(("L", "M")) and b and b[-1][0] != " ":
            b.append((" ", position))
    owners = _owners([p for p, _ in a], [p for p, _ in b])
    ranges: list[tuple[int, int] | None] = [None] * len(words)
    for (sound, position), owner in zip(b, owners, strict=True):
        if sound == " " or owner is None or (word_index := a[owner][1]) < 0:
            continue
        first = (ranges[word_index] or (position,))[0]
        ranges[word_index] = (first, position + 1)
    if sum(r is None for r in ranges) > WORST * len(words):
        return None
    return _filled(ranges, stream)


def _owners(a: Sequence[str], b: Sequence[str]) -> list[int | None]:
    """For each item of `b` the item of `a` it matches, or else that of its neighbour in the same group."""
    rows, columns = len(a) + 1, len(b) + 1
    gap_a = [_BREAK_GAP if p == " " else _GAP for p in a]
    gap_b = [_BREAK_GAP if p == " " else _GAP for p in b]
    above = [0.0]
    for cost in gap_b:
        above.append(above[-1] + cost)
    steps = [bytearray(b"\x02" * columns)]  # 0: matched, 1: only in a, 2: only in b
    for i in range(1, rows):
        here, step = [above[0] + gap_a[i - 1]], bytearray(columns)
        step[0] = 1
        for j in range(1, columns):
            matched = above[j - 1] + _likeness(a[i - 1], b[j - 1])
            only_a, only_b = above[j] + gap_a[i - 1], here[j - 1] + gap_b[j - 1]
            best = max(matched, only_a, only_b)
            step[j] = 0 if best == matched else 1 if best == only_a else 2
            here.append(best)
        steps.append(step)
        above = here
    owners: list[int | None] = [None] * len(b)
    i, j = len(a), len(b)
    while j:
        step_taken = steps[i][j]
        if step_taken == 0:
            owners[j - 1] = i - 1
        i, j = i - (step_taken != 2), j - (step_taken != 1)
    for order in (range(1, len(b)), range(len(b) - 2, -1, -1)):
        for j in order:
            neighbour = j - 1 if order.step == 1 else j + 1
            if owners[j] is None and b[j] != " " and b[neighbour] != " ":
                owners[j] = owners[neighbour]
    return owners


def _filled(ranges: Sequence[tuple[int, int] | None], stream: Sequence[str]) -> list[tuple[int, int]]:
    """Ranges with the stress marks before them and the length marks after; an empty one where none is."""
    result: list[tuple[int, int]] = []
    for found in ranges:
        least = result[-1][1] if result else 0
        if found is None:
            result.append((least, least))
            continue
        first, last = found
        while first > least and stream[first - 1] in "ˈˌ":
            first -= 1
        while (
            last < len(stream)
            and unicodedata.category(stream[last][0]) in ("Lm", "Mn")
            and (stream[last] not in "ˈˌ")
        ):
            last += 1
        result.append((first, last))
    return result


def spans(ranges: Sequence[tuple[int, int]], lengths: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of stream positions → ranges of samples, given each position's number of samples."""
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    return [(edges[first], edges[last]) for first, last in ranges]

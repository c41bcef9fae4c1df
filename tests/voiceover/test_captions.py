"""Captions that can be read in time, and files in which no text is markup."""

import html
import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from voiceover import captions
from voiceover.captions import LINE, LONGEST, SHORTEST, SPEED, Caption, write_srt, write_vtt
from voiceover.engines.silent import SilentEngine
from voiceover.errors import CaptionsUnwritableError
from voiceover.plain import plain_text
from voiceover.speech import Speech, Word
from voiceover.spoken import spoken, spoken_words
from voiceover.timing import timed_text

TEXTS = [
    "The word ‘ be’ gives 37 % of its attention to ‘ What’; the scores are divided by √d_k,"
    " and softmax turns them into weights that add to 1.",
    "GPT-2 reads the whole prompt at once. It has 50,257 logits, one for each token that it knows, and the"
    " largest of them belongs to ‘ done’.",
    "Yes.",
    "This sentence has no comma and goes on for quite a while so that it must be cut somewhere between two"
    " words that are joined by nothing in particular because its writer never thought of people who read it.",
]
HOSTILE = "<b>&amp; --> {\\an8}\n\n2\n00:00:01,000 --> 00:00:09,000\nfake <v Bob>\u202eevil\u2028x\\N <c.red>"


def captions_for(text: str, start: float, end: float, words: Sequence[Word] = ()) -> list[Caption]:
    """The captions of a text that is spoken from `start` to `end`."""
    return captions.captions_for(timed_text(text, end - start, words), start)


def _check(shown: list[Caption], start: float, end: float) -> None:
    assert shown
    for caption in shown:
        assert start <= caption.start < caption.end <= end
        assert all(len(line) <= LINE for line in caption.text.split("\n"))
        assert caption.text.count("\n") <= 1
        assert caption.end - caption.start <= LONGEST + 1e-9
    assert all(a.end <= b.start for a, b in pairwise(shown))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("timed", [True, False])
def test_they_are_readable(text: str, timed: bool) -> None:
    speech = SilentEngine(rate=1000).speak(spoken(text))
    end = 3 + speech.seconds + 0.7
    shown = captions.captions_for(timed_text(text, speech.seconds, speech.words if timed else ()), 3, end)
    _check(shown, 3, end)
    assert " ".join(caption.text for caption in shown).split() == text.split()
    for caption in shown:
        assert caption.end - caption.start >= SHORTEST - 1e-9
        assert len(caption.text) / (caption.end - caption.start) <= SPEED + 1e-9


def test_cuts_fall_at_phrases() -> None:
    speech = SilentEngine(rate=1000).speak(spoken(TEXTS[0]))
    shown = captions_for(TEXTS[0], 0, speech.seconds, speech.words)
    assert [caption.text.split()[-1] for caption in shown[:-1]] == ["What’;", "√d_k,"]


def test_word_times_place_them() -> None:
    text = "The first part of it ends here; the second part of it starts much later than that."
    said = spoken(text).replace(";", "").replace(".", "").split()
    words = [Word(w, i * 0.3, i * 0.3 + 0.2) for i, w in enumerate(said[:7])]
    words += [Word(w, 9 + i * 0.3, 9 + i * 0.3 + 0.2) for i, w in enumerate(said[7:])]
    shown = captions_for(text, 10, 23, words)
    assert [caption.start for caption in shown] == pytest.approx([10, 19])
    assert shown[0].end == pytest.approx(12.0)


def test_word_times_of_another_text_are_not_used() -> None:
    wrong = [Word("nothing", 0, 0.1), Word("alike", 5, 5.1)]
    assert captions_for(TEXTS[0], 0, 10, wrong) == captions_for(TEXTS[0], 0, 10)


def test_real_word_times_are_used(sentence: Speech, written: str) -> None:
    shown = captions_for(written, 2.0, 2.0 + sentence.seconds, sentence.words)
    _check(shown, 2.0, 2.0 + sentence.seconds)
    starts = {round(2.0 + word.start, 6) for word in sentence.words}
    assert all(round(caption.start, 6) in starts for caption in shown)


def test_time_is_shared_by_spoken_length() -> None:
    """ "8,193" is short to read and long to say."""
    shown = captions_for("8,193 8,193 8,193. So it is with all of them here.", 0, 12)
    assert shown[-1].text.startswith("So it is")
    assert shown[-1].start > 8


def test_what_belongs_together_stays_together() -> None:
    text = "a bb ccc dddd eeeee ‘ word’ and 37 % or −1.2 of it " * 12
    for seconds in (20, 31, 47):
        for caption in captions_for(text, 0, seconds):
            for line in caption.text.split("\n"):
                assert not line.endswith(("‘", "37"))
                assert not line.startswith("%")


UNSPOKEN = ["[" * 63, "({<" * 200, "\u200b\u200d" * 5, "😀" * 90, "¨" * 500, "[ " * 300, "ते" * 70]


@pytest.mark.parametrize("marks", UNSPOKEN)
@pytest.mark.parametrize("text", ["“{}” … Which word comes next?", "{} is what it is.", "So it is {}", "{}"])
def test_what_is_written_but_not_spoken_has_its_time(marks: str, text: str) -> None:
    """Every caption lasts, in whole milliseconds, whatever the voice tells of its words' times."""
    text = text.format(marks)
    said = spoken_words(spoken(text))
    in_no_time = [Word(word, 2.0, 2.0) for word in said]
    for words in (in_no_time, [Word(word, i * 0.3, i * 0.3 + 0.2) for i, word in enumerate(said)], []):
        shown = captions_for(text, 0.2, 0.2 + max(2.2, len(words) * 0.3), words)
        spans = [(round(caption.start * 1000), round(caption.end * 1000)) for caption in shown]
        assert all(start < end for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert all(len(line) <= LINE for caption in shown for line in caption.text.split("\n"))
        shown = " ".join(caption.text for caption in shown)
        assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", plain_text(text))


def test_a_cue_is_never_cut_within_what_is_said_as_one() -> None:
    text = "So much of it was written, on 8 May 1945 at 10:30 and for $ 5 or so, by others. " * 4
    for seconds in (20, 33, 41):
        for caption in captions_for(text, 0, seconds):
            for line in caption.text.split("\n"):
                assert not re.search(r"( 8| May|\$)$", line), line


def test_long_words_short_times_and_nothing() -> None:
    _check(captions_for("x" * 300 + " and " + "y" * 50, 0, 2), 0, 2)
    assert captions_for(" \n\t ", 0, 5) == []
    assert captions_for("words", 5, 5) == []
    (only,) = captions_for("One.", 1, 60)
    assert only.end - only.start == LONGEST


def test_any_text_keeps_the_shape() -> None:
    rng = random.Random(7)
    pool = "abc de, f. <>&;\n\r\x00\u2028'‘’\"% 1 23 √→␣-—😀" + "éß" + " " * 8
    for _ in range(60):
        text = "".join(rng.choices(pool, k=rng.randrange(1, 400))) + "a"
        _check(captions_for(text, 0, 30), 0, 30)


def _blocks(text: str) -> list[list[str]]:
    return [block.split("\n") for block in text.strip("\n").split("\n\n")]


def test_vtt(tmp_path: Path) -> None:
    shown = [
        Caption(0.0, 1.5, "a < b & c\nso"),
        Caption(3661.9996, 3663, HOSTILE),
        Caption(3664, 3665, "\n\n"),
    ]
    write_vtt(shown, tmp_path / "a.vtt")
    text = (tmp_path / "a.vtt").read_text("utf-8")
    header, *blocks = _blocks(text)
    assert header == ["WEBVTT"]
    assert blocks[0] == ["1", "00:00:00.000 --> 00:00:01.500", "a &lt; b &amp; c", "so"]
    assert blocks[1][1] == "01:01:02.000 --> 01:01:03.000"
    assert blocks[2][2:] == ["…"]
    assert len(blocks) == 3
    payload = "\n".join(blocks[1][2:])
    assert not set(payload) & set("<>\u202e\u2028")
    assert html.unescape(payload).startswith("<b>&amp; --> {\\an8}\n2\n")
    assert text.count("-->") == 3


def test_srt(tmp_path: Path) -> None:
    shown = [Caption(0.0, 1.5, "a < b & c > 3 <3"), Caption(1.5, 3, HOSTILE)]
    write_srt(shown, tmp_path / "a.srt")
    blocks = _blocks((tmp_path / "a.srt").read_text("utf-8"))
    assert blocks[0] == ["1", "00:00:00,000 --> 00:00:01,500", "a < b & c > 3 <3"]
    assert len(blocks) == 2
    payload = "\n".join(blocks[1][2:])
    assert not re.search(r"<\S|-->|[{}\\]|&\w+;|\u202e", payload)
    assert "‹b›＆amp; → (⧵an8)" in payload


def test_an_unwritable_place(tmp_path: Path) -> None:
    with pytest.raises(CaptionsUnwritableError, match="captions cannot be written"):
        write_vtt([], tmp_path / "no" / "a.vtt")
    (tmp_path / "a.srt").mkdir()
    with pytest.raises(CaptionsUnwritableError):
        write_srt([], tmp_path / "a.srt")
    assert [p.name for p in tmp_path.iterdir()] == ["a.srt"]

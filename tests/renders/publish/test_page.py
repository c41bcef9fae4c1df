"""The page's files: what is in them, how large they are, and what no prompt does to them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import html5lib
import msgspec
import pytest
from commands import run
from films import film, number_of, word_of
from hostile import HOSTILE, prompted

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.publish.card import Card
from renders.publish.markup import rendered
from renders.publish.numbers import table
from renders.publish.page import SCRIPTS, context
from renders.publish.transcript import continuation
from voiceover.plain import plain_text

URL = "https://example.org/"
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return film(Trace.load(EXAMPLE), tmp_path_factory.mktemp("lesson") / "made")


@pytest.fixture
def copy(lesson: Edition, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lesson.folder, tmp_path / "copy"))


@pytest.fixture
def made(copy: Path) -> Path:
    """The folder of its page."""
    status, out, err = run("publish", str(copy))
    assert (status, err) == (0, "")
    assert out.startswith(f"{copy / 'page' / 'index.html'}  (")
    return copy / "page"


def as_page(edition: Edition) -> str:
    fields = {"poster": "poster.webp", "levels": (), "single": None, "media": "lesson.mp4", "bytes": 1}
    fields |= {"card": None, "downloads": [], "checked": "."}
    return rendered("page.html", **context(edition), **fields, style="page.css", scripts=SCRIPTS)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_prompt_is_text_wherever_it_stands(text: str, lesson: Edition) -> None:
    plain, hostile = as_page(lesson), as_page(prompted(lesson, text))
    page = html5lib.HTMLParser(strict=True).parse(hostile)
    heading = "".join(page.find(f".//{HTML}h1").itertext()).strip("“”")
    whole = plain_text(text)
    assert heading == whole or (heading.endswith("…") and whole.startswith(heading[:-1]))
    data = next(script for script in page.iter(f"{HTML}script") if script.get("id") == "lesson")
    assert json.loads(data.text)["cues"][0][2] == (whole or "…")
    own = html5lib.HTMLParser(strict=True).parse(plain)
    assert [e.tag for e in page.iter() if e.tag in (f"{HTML}script", f"{HTML}img", f"{HTML}b")] == [
        e.tag for e in own.iter() if e.tag in (f"{HTML}script", f"{HTML}img", f"{HTML}b")
    ]
    assert not any(name.startswith("on") for e in page.iter() for name in e.attrib)
    assert not any(
        "javascript:" in value for e in page.iter() for n, value in e.attrib.items() if n in ("href", "src")
    )


def test_it_is_small(made: Path, lesson: Edition) -> None:
    page = (made / "index.html").read_text("utf-8")
    script = re.findall(r"<script>(.*?)</script>", page, re.S)
    data = re.search(r'<script id="lesson" type="application/json">(.*?)</script>', page, re.S)
    said = re.search(r"data-said>(.*?)</section>", page, re.S)
    assert data
    assert said
    assert len(script) == 1
    assert len(script[0].encode()) <= 8_192
    assert len(page.encode()) - len(data[1].encode()) - len(said[1].encode()) <= 30_000
    assert len(data[1].encode()) <= 15_000 * lesson.manifest.seconds / 60


def test_every_file_that_it_names_is_there(made: Path) -> None:
    page = html5lib.HTMLParser(strict=True).parse((made / "index.html").read_text("utf-8"))
    named = {e.get(name) for e in page.iter() for name in ("src", "href", "poster") if e.get(name)}
    files = {name.partition("#")[0] for name in named if not name.startswith(("#", "data:"))}
    assert files == {
        "lesson.mp4",
        "poster.webp",
        "captions.vtt",
        "numbers.csv",
        "readings.json",
        "trace.safetensors",
    }
    assert all((made / name).is_file() for name in files)
    assert not any("://" in name for name in named)


def test_check_proves_it_and_names_what_is_changed(made: Path, copy: Path, tmp_path: Path) -> None:
    status, out, err = run("check", str(made))
    assert (status, err) == (0, "")
    assert "all is as the trace says" in out
    page = (made / "index.html").read_text("utf-8")
    edition = Edition.load(copy)
    row, other = number_of(edition)
    source = f"{row.tensor}[{','.join(map(str, row.index))}]"
    word, added = word_of(edition).text, plain_text(continuation(edition.trace))
    changes = {
        f">{row.text}<": (f">{other}<", f"{source}: shown as {other!r}, the trace says {row.text!r}"),
        f'["{row.text}"': (f'["{other}"', f'its data on readings: says ["{other}"'),
        f"<span>{word}</span>": ("<span>stranger</span>", " at 0:"),
        "<time>0:00</time>": ("<time>0:07</time>", "0:07 is the time of nothing"),
        "</h1>": (" 42</h1>", "42 stands in "),
        added: ("something else", f"gone on 'something else', the trace says {added!r}"),
        " MB</span>": ("1 MB</span>", "1 MB', and is '"),
        'data-how="count"': ('data-how="__class__"', "tokens[]: cannot be read again"),
    }
    for before, (after, says) in changes.items():
        assert before in page, before
        (made / "index.html").write_text(page.replace(before, after), "utf-8")
        status, _, err = run("check", str(made))
        assert status == 1
        assert says in err, (before, err)
        assert "index.html: is not as it was written" in err
    alone = copy / "page.html"  # beside the lesson that it was made of
    alone.write_text(page.replace(f">{row.text}<", f">{other}<"), "utf-8")
    assert f"page.html: {source}: shown as {other!r}" in run("check", str(alone))[2]
    lost = tmp_path / "lost.html"
    shutil.copy(alone, lost)
    status, _, err = run("check", str(lost), "--lesson", str(copy))
    assert (status, f"lost.html: {source}: shown as {other!r}" in err) == (1, True)
    says = f"{lost}: there is no lesson beside it to read it again from; name its folder with --lesson"
    assert run("check", str(lost))[::2] == (2, f"llm-lesson: {says}\n")


def test_its_numbers_are_a_table_for_spreadsheets(made: Path, copy: Path) -> None:
    edition = Edition.load(copy)
    text = (made / "numbers.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    shown = [row for row in edition.rows if row.text is not None]
    assert sorted(row["text"] for row in rows) == sorted(row.text or "" for row in shown)
    starts = {(chapter.name, beat.name): beat.start for chapter, beat in edition.manifest.beats}
    for row in shown:
        at = f"{round(starts[row.chapter, row.beat or ''] + row.start, 3)}"
        found = [
            one for one in rows if (one["from"], one["text"], one["tensor"]) == (at, row.text, row.tensor)
        ]
        assert found, row
        assert found[0]["index"] == " ".join(map(str, row.index))
    said, other = number_of(edition)
    changed = text.replace(said.text or "", other)
    (made / "numbers.csv").write_text("\ufeff" + changed, "utf-8", newline="")
    status, _, err = run("check", str(made))
    assert status == 1
    assert re.search(r"page/numbers\.csv, line \d+: says '[^']*" + re.escape(other), err), err


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(1)", " =1+1", "\t=1+1", "\r=1", "\n=1", "\uff1d1", 'a"\n=1,"', "−0.10", "12"],
)
def test_no_number_is_a_formula_in_a_spreadsheet(text: str, lesson: Edition) -> None:
    rows = tuple(msgspec.structs.replace(row, text=text) for row in lesson.rows if row.text)
    told = csv.DictReader(io.StringIO(table(replace(lesson, rows=rows)).removeprefix("\ufeff"), newline=""))
    for row in told:
        assert row["text"] == (text if text[0] in "−1a" else f"'{text}")
        assert row["text"].strip()[:1] not in "=+-@\uff1d"


def test_a_zip_has_the_same_bytes_twice(copy: Path) -> None:
    run("publish", str(copy), "--zip")
    first = (copy / "page.zip").read_bytes()
    shutil.rmtree(copy / "page")
    status, out, _ = run("publish", str(copy), "--zip")
    assert status == 0
    assert "page.zip  (" in out
    assert (copy / "page.zip").read_bytes() == first
    with zipfile.ZipFile(copy / "page.zip") as made:
        assert made.testzip() is None
        assert set(made.namelist()) == {f"what-will-be/{file.name}" for file in (copy / "page").iterdir()}


@pytest.mark.parametrize("fps", [7, 24, 30, 60])
def test_a_link_to_a_chapter_shows_its_first_frame(lesson: Edition, fps: int) -> None:
    for frame in (11, 29, 121):
        times, made = [0.0, frame / fps, 60.0], []
        for chapter, (start, end) in zip(lesson.manifest.chapters, pairwise(times), strict=True):
            beat = msgspec.structs.replace(chapter.beats[0], start=start, end=end)
            made.append(msgspec.structs.replace(chapter, start=start, end=end, beats=(beat,)))
        manifest = msgspec.structs.replace(lesson.manifest, chapters=tuple(made), fps=fps)
        first, second = Card.of(replace(lesson, manifest=manifest), URL).linked["hasPart"]
        assert 0 <= Fraction(str(second["startOffset"])) - Fraction(frame, fps) < Fraction(1, 1000)
        assert second["url"] == f"{URL}?t={second['startOffset']}"
        assert first["endOffset"] == second["startOffset"]


def test_a_page_with_an_address_has_its_card(copy: Path) -> None:
    status, _, err = run("publish", str(copy), "--base-url", "https://example.org/lektion ü/")
    assert (status, err) == (0, "")
    page = html5lib.HTMLParser(strict=True).parse((copy / "page" / "index.html").read_text("utf-8"))
    said = {e.get("property"): e.get("content") for e in page.iter(f"{HTML}meta")}
    assert said["og:video"] == "https://example.org/lektion%20%C3%BC/lesson.mp4"
    linked = next(e for e in page.iter(f"{HTML}script") if e.get("type") == "application/ld+json")
    clips = json.loads(linked.text)["hasPart"]
    assert [clip["name"] for clip in clips] == ["Tokens", "Embedding"]
    assert clips[1]["url"].startswith("https://example.org/lektion%20%C3%BC/?t=")
    assert (copy / "page" / "card.png").is_file()
    assert run("check", str(copy / "page"))[0] == 0
    (found,) = (e for e in page.iter(f"{HTML}link") if e.get("type") == "application/json+oembed")
    assert found.get("href") == "https://example.org/lektion%20%C3%BC/oembed.json"
    embed = json.loads((copy / "page" / "oembed.json").read_text("utf-8"))
    assert (embed["version"], embed["type"]) == ("1.0", "video")
    inside = html5lib.parseFragment(embed["html"]).find(f"{HTML}iframe")
    assert inside.get("src") == "https://example.org/lektion%20%C3%BC/embed.html"
    assert (inside.get("width"), inside.get("height")) == (str(embed["width"]), str(embed["height"]))
    assert embed["thumbnail_url"] == said["og:image"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", json.loads(linked.text)["uploadDate"])
    for was, now in ((f'"height": {embed["height"]}', '"height": 7'), ("“What will be”", "“7 What will be”")):
        kept = (copy / "page" / "oembed.json").read_text("utf-8")
        assert was in kept
        (copy / "page" / "oembed.json").write_text(kept.replace(was, now), "utf-8")
        assert "page/oembed.json, line " in run("check", str(copy / "page"))[2]
        (copy / "page" / "oembed.json").write_text(kept, "utf-8")
    text = (copy / "page" / "index.html").read_text("utf-8")
    frame = next("".join(e.itertext()) for e in page.iter(f"{HTML}pre") if "iframe" in "".join(e.itertext()))
    assert frame.startswith('<iframe src="https://example.org/lektion%20%C3%BC/embed.html" ')
    row, other = number_of(Edition.load(copy))
    assert row.text in linked.text
    changed = linked.text.replace(row.text, other)
    (copy / "page" / "index.html").write_text(text.replace(linked.text, changed), "utf-8")
    status, _, err = run("check", str(copy / "page"))
    assert (status, "its data on transcript: says" in err) == (1, True)
    for address in (
        "javascript:alert(1)",
        "https://",
        'https://a"b.org/',
        "https://[x/",
        "https://ü..org/",
        "a.org",
    ):
        status, _, err = run("publish", str(copy), "--base-url", address)
        assert (status, "takes the address of a folder" in err) == (2, True), address


def test_a_german_lesson_has_a_german_page(tmp_path: Path) -> None:
    film(Trace.load(EXAMPLE), tmp_path / "de", ("tokens",), "de")
    assert run("publish", str(tmp_path / "de"))[0] == 0
    page = (tmp_path / "de" / "page" / "index.html").read_text("utf-8")
    assert '<html lang="de">' in page
    assert "Zahlen dieses Augenblicks" in page
    assert " Millionen<" in page
    assert run("check", str(tmp_path / "de" / "page"))[::2] == (0, "")

"""The article: what the lesson says, in HTML and in Markdown, proved number by number."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import html5lib
import pytest
from commands import run
from films import film, number_of, word_of
from hostile import HOSTILE, prompted
from markdown_it import MarkdownIt

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.publish.clip import Clip
from renders.publish.clip_file import ClipManifest
from renders.publish.formulas import formula_of
from renders.publish.markdown import prose
from renders.publish.page import heading
from renders.publish.post import _html
from scenes import CHAPTERS
from scenes.locale import LANGUAGES, Locale
from voiceover.plain import plain_text

HTML = "{http://www.w3.org/1999/xhtml}"
MATH = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("lesson") / "made"
    film(Trace.load(EXAMPLE), folder)
    status, out, err = run("post", str(folder), "--json")
    assert status == 0, err
    assert str(folder / "post" / "post.html") in out
    return Edition.load(folder)


def test_it_says_what_the_lesson_says(lesson: Edition) -> None:
    text = (lesson.folder / "post" / "post.html").read_text("utf-8")
    page = html5lib.HTMLParser(strict=True).parse(text)
    said = [plain_text("".join(p.itertext())) for p in page.iter(f"{HTML}p")]
    for _, beat in lesson.manifest.beats:
        assert plain_text(beat.text) in said
    assert len(list(page.iter(f"{MATH}math"))) == 1
    assert not list(page.iter(f"{HTML}script"))
    videos = list(page.iter(f"{HTML}video"))
    assert len(videos) == len(lesson.manifest.chapters)
    for video in videos:
        captions = {e.get("id"): "".join(e.itertext()) for e in page.iter(f"{HTML}figcaption")}
        assert captions[video.get("aria-labelledby")].strip()
    for element in page.iter():
        for name in ("src", "poster"):
            if address := element.get(name):
                assert (lesson.folder / "post" / address).is_file()


def test_check_proves_it_and_names_what_is_changed(lesson: Edition, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(lesson.folder, tmp_path / "copy"))
    file = copy / "post" / "post.html"
    for path in (file, file.parent):
        status, _, err = run("check", str(path))
        assert (status, err) == (0, "")
    text = file.read_text("utf-8")
    caption = re.search(r"<figcaption.*?</figcaption>", text, re.S)
    row, other = number_of(lesson)
    word = word_of(lesson).text
    assert caption
    number = re.findall(r">(\d+)<", caption[0])[-1]
    changes = (
        (f">{row.text}<", f">{other}<", f"shown as {other!r}, the trace says {row.text!r}"),
        (caption[0], caption[0].replace(f">{number}<", f">{number}0<"), f"shown as '{number}0'"),
        (f" {word}", f" {word} 7", "7 stands in"),
        (f" {word}", " stranger", " at 0:"),
        ("<time>", "<time>1", "is the time of nothing in the lesson"),
    )
    for before, after, says in changes:
        assert before in text, before
        file.write_text(text.replace(before, after), "utf-8")
        status, _, err = run("check", str(file))
        assert status == 1, before
        assert says in err, err


def test_its_clips_are_proved_too(lesson: Edition) -> None:
    status, _, err = run("check", str(lesson.folder / "post" / "clips" / "embedding"))
    assert (status, err) == (0, "")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_prompt_is_text_in_the_article(text: str, lesson: Edition) -> None:
    edition = prompted(lesson, text)
    about = ClipManifest.load(lesson.folder / "post" / "clips" / "tokens")
    made = Clip(lesson.folder, about)
    page = html5lib.HTMLParser(strict=True).parse(_html(edition, [_told(edition, made)]))
    assert not list(page.iter(f"{HTML}script"))
    assert not list(page.iter(f"{HTML}img"))
    shown = "".join(page.find(f".//{HTML}h1").itertext()).strip("“”")
    assert shown == plain_text(heading(edition)["prompt"])


def _told(edition: Edition, made: Clip):  # type: ignore[no-untyped-def]
    from renders.publish import post

    chapter = edition.manifest.chapters[0]
    paragraphs = tuple(post._paragraph(post.sentences(edition, chapter.name, beat)) for beat in chapter.beats)
    return post._Section(chapter, made, formula_of("attention", edition.locale), paragraphs)


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_text_is_markup_in_markdown(text: str) -> None:
    """It makes the same elements as a plain word in its place, and reads as it was typed."""
    for around in ("{}", "# {}", "- {}", "*{}*", "![{}](x.png)", "1. {}", "a {} b"):
        _same_elements(text, around)


def _same_elements(text: str, around: str) -> None:
    markdown = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
    same = re.sub(r"<(/?\w+).*?>", r"<\1>", markdown.render(around.format("word")))
    made = markdown.render(around.format(prose(text) or "word"))
    assert re.sub(r"<(/?\w+).*?>", r"<\1>", re.sub(r">[^<]*<", "><", made)) == re.sub(r">[^<]*<", "><", same)
    words = html5lib.parseFragment(made)
    read = "".join(words.itertext()) + "".join(e.get("alt", "") for e in words.iter())
    assert plain_text(text) in plain_text(read)
    assert not set("{}[]<>`$*_#|\\~&") & set(re.sub(r"&#\d+;", "", prose(text)))


def test_the_article_in_markdown_has_its_files(lesson: Edition, tmp_path: Path) -> None:
    status, out, err = run("post", str(lesson.folder), "--format", "md", "--out", str(tmp_path / "md"))
    assert (status, out) == (0, f"{tmp_path / 'md' / 'post.md'}\n"), err
    text = (tmp_path / "md" / "post.md").read_text("utf-8")
    named = re.findall(r"\]\(([^)]+)\)", text)
    assert len(named) == 1 + 2 * len(lesson.manifest.chapters) + 1
    assert all((tmp_path / "md" / name).is_file() for name in named)
    assert "## Tokens" in text
    assert str(number_of(lesson)[0].text) in text


def test_check_names_what_is_changed_in_markdown(lesson: Edition, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(lesson.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("post")))
    assert run("post", str(copy), "--format", "md")[0] == 0
    file = copy / "post" / "post.md"
    for path in (file, file.parent, copy):
        assert run("check", str(path))[::2] == (0, ""), path
    text, (row, other) = file.read_text("utf-8"), number_of(lesson)
    alt = re.search(r"!\[[^]]*?(\d+)[^]]*\]\(clips", text)
    assert alt
    for was, now, says in (
        (row.text or "", other, f"{row.text}"),
        (alt[0], alt[0].replace(alt[1], f"{alt[1]}0"), f"{alt[1]}0"),
    ):
        assert was in text
        file.write_text(text.replace(was, now, 1), "utf-8")
        line = text[: text.index(was)].count("\n") + 1
        for path in (file, file.parent, copy):
            status, _, err = run("check", str(path))
            assert status == 1, was
            assert f"post/post.md, line {line}: says " in err
            assert says in err


def test_every_formula_is_set_and_said_without_digits() -> None:
    found = [formula_of(chapter, Locale(language)) for chapter in CHAPTERS for language in LANGUAGES]
    formulas = [formula for formula in found if formula]
    assert len(formulas) == 9 * len(LANGUAGES)
    for formula in formulas:
        assert formula.mathml.startswith("<math")
        assert formula.svg.startswith(b"<svg")
        assert not re.search(r"\d", re.sub(r"<[^>]*>", "", formula.mathml) + formula.said)
    assert not any(formula_of(chapter, Locale("en", "story")) for chapter in CHAPTERS)

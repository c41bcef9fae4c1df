"""The page in a real browser: from a folder, and from servers that send parts of files and that cannot."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Visit, with_ranges, without_ranges
from films import FIELDS, FPS, film, word_of
from hostile import HOSTILE, prompted
from playwright.sync_api import Browser

from llmtrace.meta import EXAMPLE
from llmtrace.trace import Trace
from renders.edition.edition import Edition
from renders.publish.one_file import one_file
from renders.publish.page import page
from renders.publish.pages import pages
from renders.publish.post import post
from voiceover.plain import plain_text

ODD = "a folder # with 100% ümlauts"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return film(Trace.load(EXAMPLE), tmp_path_factory.mktemp("lesson") / "made")


@pytest.fixture(scope="module")
def place(lesson: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its page."""
    folder = tmp_path_factory.mktemp("pages") / ODD
    list(pages([lesson], folder))
    return folder


@pytest.fixture(scope="module")
def urls(place: Path) -> Iterator[dict[str, str]]:
    with with_ranges(place) as one, without_ranges(place) as other:
        yield {"folder": f"{place.as_uri()}/index.html", "ranges": one, "no ranges": other}


@pytest.fixture
def opened(browser: Browser, urls: dict[str, str]) -> Iterator[Visit]:
    """The page from its folder, at 1280 pixels."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        visit = Visit(context.new_page(), urls["folder"])
        visit.ready()
        yield visit


@pytest.mark.parametrize("where", ["folder", "ranges", "no ranges"])
def test_it_plays_and_goes_anywhere(
    where: str, browser: Browser, urls: dict[str, str], lesson: Edition
) -> None:
    embedding = lesson.manifest.chapters[1]
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        visit = Visit(context.new_page(), f"{urls[where]}?t=12.5")
        visit.until("video.currentTime > 12")
        visit.until("video.readyState >= 2")
        assert abs(visit.now - 12.5) < 0.1
        assert visit.page.evaluate("document.querySelector('video').paused")
        visit.page.click(f"text={embedding.title} >> nth=0")
        visit.until(f"video.currentTime > {embedding.start - 0.1}")
        assert abs(visit.now - embedding.start) < 0.1
        visit.page.locator("[data-said] p > a").nth(1).click()
        visit.until("video.currentTime < 12")
        visit.until("!video.seeking")
        assert visit.frame(FIELDS) == int(visit.now * FPS + 0.02)
        visit.page.evaluate("document.querySelector('video').play()")
        start = visit.now
        visit.until(f"video.currentTime > {start + 0.3}")
        visit.page.evaluate("document.querySelector('video').pause()")
        assert visit.complaints == []
        own = ("blob:", "data:", "file:" if where == "folder" else urls[where])
        assert [url for url in visit.asked if not url.startswith(own)] == []


def test_captions_words_and_numbers_are_those_of_the_moment(opened: Visit, lesson: Edition) -> None:
    captions = [caption for _, beat in lesson.manifest.beats for caption in beat.captions]
    chosen = random.Random(5).sample([(one, word) for one in captions for word in one.words], 6)
    for caption, word in chosen:
        at = (word.start + word.end) / 2
        opened.seek(at)
        opened.until("document.querySelector('.w')")
        assert "".join(opened.page.locator(".w").all_text_contents()) == word.text
        shown = opened.page.evaluate(
            "[...document.querySelector('video').textTracks[0].activeCues].map((cue) => cue.text)"
        )
        assert shown == [caption.text]
        current = opened.page.locator("[data-said] p[aria-current]").inner_text()
        assert plain_text(word.text) in plain_text(current)
        assert numbers(opened) == readings(lesson, at)


def numbers(visit: Visit) -> set[tuple[str, str, str]]:
    """The table's rows that are on screen, not only spoken."""
    rows = visit.page.locator("#now tbody tr").all()
    return {tuple(row.locator("td").all_text_contents()[:3]) for row in rows}  # type: ignore[misc]


def readings(lesson: Edition, at: float) -> set[tuple[str, str, str]]:
    starts = {(chapter.name, beat.name): beat.start for chapter, beat in lesson.manifest.beats}
    found = set()
    for row in lesson.rows:
        start = starts.get((row.chapter, row.beat or ""), 0.0)
        if row.where == "screen" and row.text and start + row.start <= at < start + row.end:
            found.add((row.text, row.tensor, str(list(row.index)) if row.index else ""))
    return found


def test_it_is_used_by_keyboard(opened: Visit, lesson: Edition) -> None:
    starts = [chapter.start for chapter in lesson.manifest.chapters]
    opened.page.keyboard.press("]")
    opened.until(f"video.currentTime > {starts[1] - 0.1}")
    opened.page.keyboard.press("[")
    opened.until(f"video.currentTime < {starts[1] - 1}")
    opened.page.locator("summary").click()
    opened.page.locator("#filter").press("]")  # in a field it is a letter
    assert opened.page.locator("#filter").input_value() == "]"
    assert opened.now < 1
    opened.page.locator("#filter").fill("embed.token")
    rows = opened.page.locator("#all tbody tr:visible")
    assert rows.count() > 2
    assert all("embed.token" in text for text in rows.all_text_contents())
    opened.page.locator("[data-said] p > a").nth(3).focus()
    opened.page.keyboard.press("Enter")
    opened.until("video.currentTime > 5")
    assert opened.complaints == []


def test_numbers_can_be_held_and_the_voice_left(opened: Visit) -> None:
    page = opened.page
    opened.seek(20.0)
    page.locator("#hold").click()
    held = numbers(opened)
    opened.seek(45.0)
    assert numbers(opened) == held
    page.locator("#hold").click()
    assert numbers(opened) != held
    assert not page.locator("#follow").is_visible()
    page.locator("[data-said]").hover()
    page.mouse.wheel(0, 40)
    page.locator("#follow").wait_for(state="visible")
    page.locator("#follow").click()
    assert not page.locator("#follow").is_visible()


def test_a_click_on_a_word_goes_there(opened: Visit, lesson: Edition) -> None:
    word = word_of(lesson)
    opened.page.locator("[data-said] span span", has_text=word.text).first.click()
    opened.until(f"Math.abs(video.currentTime - {word.start}) < 0.1")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_keeps_anybody_out(scheme: str, width: int, browser: Browser, urls: dict[str, str]) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        visit = Visit(context.new_page(), urls["folder"])
        visit.ready()
        visit.seek(42.0)
        visit.page.locator("summary").click()
        page = visit.page
        page.evaluate("document.querySelector('meta[http-equiv]').remove()")
        found = Axe().run(page)
        assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


def test_the_article_keeps_nobody_out(browser: Browser, lesson: Edition, tmp_path: Path) -> None:
    article = post(lesson, tmp_path / "post")
    for scheme, width in (("light", 360), ("dark", 1280)):
        with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:  # type: ignore[arg-type]
            visit = Visit(context.new_page(), article.as_uri())
            visit.page.evaluate("document.querySelector('meta[http-equiv]').remove()")
            found = Axe().run(visit.page)
            assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            assert visit.complaints == []
            visit.page.evaluate("document.querySelector('video').play()")
            visit.until("video.currentTime > 0.2")
            assert {url.partition(":")[0] for url in visit.asked} <= {"file", "data"}


@pytest.mark.parametrize("width", [320, 360, 640])
def test_nothing_is_wider_than_the_window(width: int, browser: Browser, urls: dict[str, str]) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        visit = Visit(context.new_page(), urls["folder"])
        visit.ready()
        visit.seek(42.0)
        visit.page.locator("summary").click()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_all_is_there(browser: Browser, urls: dict[str, str], lesson: Edition) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(urls["ranges"])
        text = plain_text(page.locator("[data-said]").inner_text())
        for _, beat in lesson.manifest.beats:
            first = beat.captions[0].words[0].text
            assert first in text
        assert page.locator("video").get_attribute("src") == "lesson.mp4"
        assert page.locator("video track").get_attribute("src") == "captions.vtt"
        link = page.locator(".chapters a").nth(1).get_attribute("href")
        assert link == f"lesson.mp4#t={lesson.manifest.chapters[1].start:.3f}".rstrip("0").rstrip(".")
        assert page.locator("#now").is_hidden()


def test_one_file_plays_wherever_it_is_carried(browser: Browser, lesson: Edition, tmp_path: Path) -> None:
    made = one_file(lesson, tmp_path / "page.html")
    stick = tmp_path / ODD / "elsewhere.html"
    stick.parent.mkdir()
    shutil.move(made, stick)
    with browser.new_context(offline=True) as context:
        visit = Visit(context.new_page(), f"{stick.as_uri()}#t=0:31")
        visit.ready()
        visit.until("video.currentTime > 30")
        visit.until("!video.seeking")
        assert visit.frame(FIELDS) == int(visit.now * FPS + 0.02)
        assert {url.partition(":")[0] for url in visit.asked} <= {"file", "blob", "data"}
        assert visit.complaints == []


@pytest.mark.parametrize("where", ["ranges", "no ranges"])
def test_it_is_embedded_in_another_page(
    where: str, browser: Browser, urls: dict[str, str], lesson: Edition
) -> None:
    word = lesson.manifest.chapters[1].beats[0].captions[0]
    with browser.new_context(viewport={"width": 800, "height": 450}) as context:
        visit = Visit(context.new_page(), f"{urls[where]}embed.html?t={word.start + 0.1:.2f}")
        visit.until(f"video.currentTime > {word.start} && !video.seeking")
        assert visit.now < word.end
        shown = visit.page.evaluate(
            "[...document.querySelector('video').textTracks[0].activeCues].map((cue) => cue.text)"
        )
        assert shown == [word.text]
        assert visit.page.evaluate("document.querySelector('video').getBoundingClientRect().height") == 450
        assert visit.complaints == []


def test_levels_are_tabs(browser: Browser, lesson: Edition, tmp_path: Path) -> None:
    told_otherwise = replace(lesson, manifest=msgspec.structs.replace(lesson.manifest, level="story"))
    list(pages([lesson, told_otherwise], tmp_path / "page"))
    with browser.new_context() as context:
        visit = Visit(context.new_page(), f"{(tmp_path / 'page').as_uri()}/index.html")
        assert visit.page.locator("nav.levels [aria-current]").inner_text() == "Full"
        visit.page.click("text=Story")
        visit.ready()
        assert visit.page.url.endswith("/page/story/index.html")
        visit.page.click("text=Full")
        assert visit.page.url.endswith("/page/index.html")


def test_no_prompt_runs(browser: Browser, lesson: Edition, tmp_path: Path) -> None:
    text = " ".join(HOSTILE).replace("\ud800", "")  # no file can hold half a surrogate
    page(prompted(lesson, text), tmp_path, trace=False)
    with browser.new_context(viewport={"width": 360, "height": 700}) as context:
        visit = Visit(context.new_page(), f"{tmp_path.as_uri()}/index.html")
        visit.ready()
        visit.seek(1.0)
        shown = visit.page.locator("h1 bdi").text_content() or ""
        assert shown == f"“{plain_text(text)[:399]}…”"
        assert plain_text(text) in (visit.page.locator("[data-said] p").first.text_content() or "")
        assert visit.page.evaluate("globalThis.pwn") is None
        assert visit.page.evaluate("document.scripts.length") == 2
        assert visit.page.evaluate("document.images.length") == 0
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
        assert visit.complaints == []
        assert {url.partition(":")[0] for url in visit.asked} <= {"file", "data"}

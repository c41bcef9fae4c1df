"""A podcast of lessons to listen to: what its feed says is what its files are."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from commands import run
from hostile import HOSTILE

from llmtrace.meta import EXAMPLE
from renders.edition.edition import Edition

URL = "https://example.org/hören"
NAMES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heard") / "lesson"
    given = ["--voice", "silent", "--chapters", "tokens,embedding", "--out", str(folder)]
    status, _, err = run("listen", "--trace", str(EXAMPLE), *given)
    assert status == 0, err
    return folder


def fed(*arguments: object) -> tuple[int, str, str]:
    return run("feed", *map(str, arguments), "--base-url", URL)


def test_its_addresses_lead_to_files_of_their_sizes(heard: Path, tmp_path: Path) -> None:
    for _ in range(2):  # a second time it takes the place of the first
        status, out, err = fed(heard, "--title", "Lessons & <more>", "--out", tmp_path / "feed")
        assert (status, err) == (0, "")
    assert out == f"{tmp_path / 'feed' / 'feed.xml'}\n"
    channel = ElementTree.parse(tmp_path / "feed" / "feed.xml").getroot().find("channel")
    assert channel is not None
    assert channel.findtext("title") == "Lessons & <more>"
    (item,) = channel.findall("item")
    enclosure = item.find("enclosure")
    assert enclosure is not None
    base = "https://example.org/h%C3%B6ren/"
    addresses = [element.get("url") or element.get("href") or "" for element in item.iter()]
    named = [address for address in addresses if address]
    assert len(named) == 5
    for address in named:
        assert address.startswith(base)
        assert (tmp_path / "feed" / address.removeprefix(base)).is_file()
    sound = tmp_path / "feed" / enclosure.get("url", "").removeprefix(base)
    assert int(enclosure.get("length", 0)) == sound.stat().st_size
    manifest = Edition.load(heard).manifest
    assert item.findtext("itunes:duration", None, NAMES) == str(round(manifest.seconds))
    assert re.fullmatch(r"[0-9a-f]{64}", item.findtext("guid") or "")
    chapters = json.loads((sound.parent / "chapters.json").read_text("utf-8"))
    assert chapters["version"] == "1.2.0"
    assert [mark["title"] for mark in chapters["chapters"]] == ["Tokens", "Embedding"]
    assert [mark["startTime"] for mark in chapters["chapters"]] == [
        round(chapter.start, 3) for chapter in manifest.chapters
    ]
    kinds = [e.get("type") for e in item.findall("podcast:transcript", NAMES)]
    assert kinds == ["text/vtt", "application/x-subrip"]


def test_no_prompt_breaks_it(heard: Path, tmp_path: Path) -> None:
    said = json.loads((heard / "lesson.json").read_text("utf-8"))
    folders, whole = [], [text for text in HOSTILE if "\ud800" not in text]  # no file can hold that
    for number, text in enumerate(whole):
        folders.append(Path(shutil.copytree(heard, tmp_path / f"lesson{number}")))
        (folders[-1] / "lesson.json").write_text(json.dumps({**said, "prompt": text, "title": text}), "utf-8")
    status, _, err = fed(*folders, "--title", "]]>\x00&#0;", "--out", tmp_path / "feed")
    assert (status, err) == (0, "")
    items = list(ElementTree.parse(tmp_path / "feed" / "feed.xml").iter("item"))
    assert len(items) == len(whole)
    assert len({item.findtext("guid") for item in items}) == len(whole)
    inside = {path.relative_to(tmp_path / "feed").parts[0] for path in (tmp_path / "feed").rglob("*")}
    assert all(re.fullmatch(r"[a-z0-9-]+|feed\.xml", name) for name in inside)


def test_what_is_no_podcast_is_one_line(heard: Path, tmp_path: Path) -> None:
    for arguments, says in (
        (["--base-url", "http://example.org/"], "take https:// alone"),
        (["--base-url", "example.org"], "takes the address of a folder"),
    ):
        status, out, err = run(
            "feed", str(heard), "--title", "T", "--out", str(tmp_path / "feed"), *arguments
        )
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert says in err
    status, _, err = fed(heard, heard, "--title", "T", "--out", tmp_path / "feed")
    assert (status, "the same lesson" in err) == (2, True)
    status, _, err = fed(tmp_path / "none", "--title", "T", "--out", tmp_path / "feed")
    assert (status, "no such file" in err) == (2, True)
    assert not (tmp_path / "feed").exists()
    assert not list(tmp_path.glob(".*"))

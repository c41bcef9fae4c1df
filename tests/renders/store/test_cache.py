"""The cache: what is damaged is as good as not there, what was used longest ago goes first."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from renders.cli.main import main
from renders.store import cache, places
from renders.store.cache import ArtifactCache, trim, usage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"drawn" * 100)
    return path


def place(path: Path) -> list[Path]:
    return sorted(p for p in path.rglob("*") if p.is_file())


def test_what_is_put_is_taken_and_is_a_file_of_its_own(file: Path, tmp_path: Path) -> None:
    kept = ArtifactCache("segments")
    assert kept.get("ab12", tmp_path / "none") is None
    assert kept.put("ab12", file, {"shown": [1, "é"]})
    file.unlink()
    assert ArtifactCache("segments").get("ab12", tmp_path / "taken") == {"shown": [1, "é"]}
    assert (tmp_path / "taken").read_bytes() == b"drawn" * 100
    assert len(place(places.cache("segments"))) == 2


@pytest.mark.parametrize("fast", [True, False])
def test_a_file_that_is_written_over_leaves_the_others_as_they_were(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fast: bool
) -> None:
    """A lesson's trace, the one that is kept, and that of the next lesson: none is another's."""
    if not fast:  # a system that copies no ranges, or two file systems
        monkeypatch.setattr(os, "copy_file_range", lambda *_: os.read(-1, 1), raising=False)
    kept, taken = ArtifactCache("traces"), [tmp_path / "first", tmp_path / "second"]
    assert kept.put("ab12", file, {})
    for path in taken:
        assert kept.get("ab12", path) == {}
        with path.open("r+b") as opened:
            opened.write(b"DRAWN")
    with file.open("r+b") as opened:
        opened.write(b"other")
    assert kept.get("ab12", tmp_path / "third") == {}
    assert (tmp_path / "third").read_bytes() == b"drawn" * 100
    assert [path.read_bytes()[:10] for path in taken] == [b"DRAWNdrawn"] * 2


@pytest.mark.parametrize("how", ["a byte", "cut", "empty", "no file", "note cut", "note of another"])
def test_a_damaged_entry_is_none_and_can_be_made_again(how: str, file: Path, tmp_path: Path) -> None:
    kept = ArtifactCache("segments")
    kept.put("ab12", file, {})
    (home,) = {path.parent for path in place(places.cache("segments"))}
    content, note = home / "ab12", home / "ab12.json"
    if how == "no file":
        content.unlink()
    elif how == "note cut":
        note.write_text(note.read_text()[:-5])
    elif how == "note of another":
        note.write_text("[]")
    else:
        damaged = {"a byte": b"Drawn" + b"drawn" * 99, "cut": b"drawn" * 9, "empty": b""}[how]
        content.unlink()  # the file that was put may be the same one
        content.write_bytes(damaged)
    assert kept.get("ab12", tmp_path / "taken") is None
    assert not (tmp_path / "taken").exists()
    assert kept.put("ab12", file, {})
    assert kept.get("ab12", tmp_path / "taken") == {}


def test_a_place_that_cannot_be_written_keeps_nothing_and_says_so(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "not a folder").write_text("")
    monkeypatch.setenv(places.CACHE, str(tmp_path / "not a folder"))
    assert not cache.writable()
    assert not ArtifactCache("segments").put("ab12", file, {})
    assert ArtifactCache("segments").get("ab12", tmp_path / "taken") is None


def test_a_full_disk_leaves_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "copy_file_range", full, raising=False)
    monkeypatch.setattr("shutil.copyfileobj", full)
    assert not ArtifactCache("segments").put("ab12", file, {})
    assert place(places.cache("segments")) == []


def test_what_was_used_longest_ago_goes_first(file: Path, tmp_path: Path) -> None:
    kept = ArtifactCache("segments")
    for age, key in enumerate(("new", "old", "used")):
        kept.put(key, file, {})
        for path in place(places.cache("segments")):
            if path.name.startswith(key):
                os.utime(path, (1e9 - age, 1e9 - age))
    kept.get("used", tmp_path / "taken")
    (used,) = (one for one in usage() if one.kind == "segments")
    assert used.entries == 3
    freed = trim(used.bytes - 10)
    assert 500 < freed < 700
    assert kept.get("old", tmp_path / "old") is None
    assert kept.get("used", tmp_path / "again") == {}
    assert kept.get("new", tmp_path / "new") == {}
    trim(0)
    assert usage()[0].bytes == 0


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(file: Path) -> None:
    kept = ArtifactCache("segments")
    kept.put("ab12", file, {})
    home = places.cache("segments") / "ab"
    for name, age in ((".ab13.0.part", 7200), (".ab14.0.part", 0)):
        (home / name).write_bytes(b"x")
        then = (home / "ab12").stat().st_mtime - age
        os.utime(home / name, (then, then))
    trim(cache.LIMIT)
    assert {path.name for path in home.iterdir()} == {"ab12", "ab12.json", ".ab14.0.part"}


def test_the_command_shows_and_trims(file: Path) -> None:
    ArtifactCache("segments").put("ab12", file, {})
    shown = CliRunner().invoke(main, ["cache"])
    assert "segments" in shown.output
    done = CliRunner().invoke(main, ["cache", "--max-size", "1 kB", "--json"])
    kinds = {row["kind"]: row["entries"] for row in json.loads(done.output)["kinds"]}
    assert kinds == {"segments": 1, "traces": 0, "sound": 0, "audio": 0}
    assert json.loads(CliRunner().invoke(main, ["cache", "--clear", "--json"]).output)["freed"] > 500
    assert place(places.cache("segments")) == []
    assert "no size" in CliRunner().invoke(main, ["cache", "--max-size", "many"]).output


def test_a_cache_in_another_place_is_one_of_its_own(file: Path, tmp_path: Path) -> None:
    other = ArtifactCache("segments", tmp_path / "other")
    other.put("ab12", file, {})
    assert ArtifactCache("segments").get("ab12", tmp_path / "taken") is None
    assert other.get("ab12", tmp_path / "taken") == {}
    trim(0)
    assert other.get("ab12", tmp_path / "again") == {}
    assert trim(0, tmp_path / "other") > 500
    assert other.get("ab12", tmp_path / "again") is None

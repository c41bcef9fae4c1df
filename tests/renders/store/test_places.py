from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from renders.errors import OutputError
from renders.store import places


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("What will be", "what-will-be"),
        ("../../etc/passwd", "etc-passwd"),
        ("Señor Ünïcode", "senor-unicode"),
        ("<b>$x$</b> #let", "b-x-b-let"),
        ("a" * 200, "a" * 60),
    ],
)
def test_a_slug_is_a_plain_name(prompt: str, name: str) -> None:
    assert places.slug(prompt) == name


def test_prompts_without_letters_get_names_that_differ() -> None:
    assert places.slug("中文") != places.slug("日本")
    assert places.slug("中文").startswith("prompt-")


def test_another_prompt_of_the_same_name_gets_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "results", lambda: tmp_path)
    (tmp_path / "what-will-be").mkdir()
    (tmp_path / "what-will-be" / "lesson.json").write_text(json.dumps({"prompt": "What will be"}))
    assert places.named_after("What will be", "What will be") == tmp_path / "what-will-be"
    assert places.named_after("What will be?", "What will be?") != tmp_path / "what-will-be"
    assert places.named_after("What will be?", "What will be?") == places.named_after(
        "What will be?", "What will be?"
    )


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with places.atomic_folder(tmp_path / "out") as aside:
        (aside / "a.txt").write_text("a")
        assert not (tmp_path / "out").exists()
    assert (tmp_path / "out" / "a.txt").read_text() == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_was_there_stays_when_it_fails(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("old")

    def fail() -> None:
        with places.atomic_folder(tmp_path / "out") as aside:
            (aside / "a.txt").write_text("new")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail()
    assert (tmp_path / "out" / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_polite_end_clears_away(tmp_path: Path) -> None:
    def killed() -> None:
        with places.atomic_folder(tmp_path / "out"):
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        killed()
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file"), places.atomic_folder(tmp_path / "out"):
        pass
    with pytest.raises(OutputError, match="cannot be written"), places.atomic_folder(tmp_path / "out" / "in"):
        pass
    assert (tmp_path / "out").read_text() == "mine"

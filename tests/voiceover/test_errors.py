"""Errors travel between processes, and files appear whole."""

import inspect
import pickle
from pathlib import Path

import pytest

from voiceover import errors
from voiceover.atomic import atomic_file
from voiceover.errors import VoiceError

CAUSES = [one for one in vars(errors).values() if isinstance(one, type) and VoiceError in one.__bases__]


@pytest.mark.parametrize("cause", CAUSES, ids=lambda one: one.__name__)
def test_an_error_leaves_its_process_as_it_is(cause: type[VoiceError]) -> None:
    """One whose arguments are not its message cannot be read again by a pool: the whole pool breaks."""
    needed = [p for p in inspect.signature(cause.of).parameters.values() if p.default is p.empty]
    given = [Path("there") if p.name in ("path", "folder") else "what" for p in needed]
    error = cause.of(*given)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cause
    assert str(again) == str(error)
    assert "\n" not in str(error)


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    with atomic_file(path) as aside:
        aside.write_text("all")
        assert not path.exists()
    assert path.read_text() == "all"

    def half() -> None:
        with atomic_file(path) as aside:
            aside.write_text("half")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        half()
    assert path.read_text() == "all"
    assert list(tmp_path.iterdir()) == [path]

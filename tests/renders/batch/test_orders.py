"""The table of prompts: what is read from it, and what is refused before anything starts."""

from __future__ import annotations

import json
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner

from renders.batch.orders import Order, read_orders
from renders.cli.main import main
from renders.cli.make import make
from renders.errors import RequestError
from renders.values import parsed_head, parsed_token

DEFAULTS = {"voice": None, "level": "full", "chapters": None, "fps": 30, "burn_captions": False}
DEFAULTS |= {"head": None, "query": None, "key": None}
DEFAULTS |= {"temperature": 0.0, "top_k": None, "top_p": None, "seed": 0, "new_tokens": 4}


def orders(tmp_path: Path, content: str | bytes, name: str = "p.csv") -> list[Order]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_orders(str(path), make, DEFAULTS)


def test_a_row_says_its_options_over_the_defaults(tmp_path: Path) -> None:
    table = '\ufeffprompt,New-Tokens,burn_captions,voice\r\nWhat will be,7,yes,\r\n\r\n"a, b\nc",,,silent\r\n'
    first, second = orders(tmp_path, table)
    assert first == Order("what-will-be", "What will be", DEFAULTS | {"new_tokens": 7, "burn_captions": True})
    assert second == Order("a-b-c", "a, b\nc", DEFAULTS | {"voice": "silent"})


def test_lines_and_json_lines_hold_prompts_too(tmp_path: Path) -> None:
    assert [o.prompt for o in orders(tmp_path, "Hi, you\r\n\n --x \n", "p.txt")] == ["Hi, you", " --x "]
    lines = '{"prompt": "Hi", "seed": 3, "voice": null, "burn_captions": true, "name": "My own"}\n'
    assert orders(tmp_path, lines, "p.jsonl") == [
        Order("my-own", "Hi", DEFAULTS | {"seed": 3, "burn_captions": True})
    ]


def test_what_is_looked_at_is_a_column(tmp_path: Path) -> None:
    (one, other) = orders(tmp_path, "prompt,head,query,key\nWhat will be,3.2,will,\nMy cat,,2,1\n")
    assert one.options == DEFAULTS | {"head": "3.2", "query": "will"}
    assert other.options == DEFAULTS | {"query": "2", "key": "1"}
    (line,) = orders(tmp_path, '{"prompt": "Hi you", "head": 3.2, "query": 2}\n', "p.jsonl")
    assert line.options == DEFAULTS | {"head": "3.2", "query": "2"}
    (tenth,) = orders(tmp_path, '{"prompt": "Hi you", "head": 3.10}\n', "p.jsonl")
    assert parsed_head(tenth.options["head"]) == (3, 10)
    (floats,) = orders(tmp_path, "prompt,query,key\nWhat will be,2.0,1.00\n")
    assert (parsed_token("query", floats.options["query"]), floats.options["key"]) == (2, "1")
    (line,) = orders(tmp_path, '{"prompt": "Hi you", "query": 2.0, "key": "you"}\n', "p.jsonl")
    assert line.options == DEFAULTS | {"query": "2", "key": "you"}
    with pytest.raises(RequestError, match=r"p\.csv, line 2: head 'first': takes a block and a head"):
        orders(tmp_path, "prompt,head\nHi,first\n")


def test_a_prompt_is_a_folder_and_never_a_path(tmp_path: Path) -> None:
    hostile = [
        "../..",
        "/etc/passwd",
        "C:\\x",
        "a\nb",
        "🐈",
        "🐕",
        "x" * 300,
        "x" * 301,
        "-rf",
        ".",
        "C D",
        "c d",
    ]
    rows = "".join(json.dumps({"prompt": prompt}) + "\n" for prompt in hostile)
    names = [order.name for order in orders(tmp_path, rows, "p.jsonl")]
    assert len(set(names)) == len(hostile)
    assert all(name.strip("-abcdefghijklmnopqrstuvwxyz0123456789") == "" for name in names)
    assert all(0 < len(name) <= 80 and not name.startswith("-") for name in names)
    assert names[-2] == "c-d"  # the first keeps the plain name: appending to a table renames nothing


def test_a_table_is_read_from_a_url() -> None:
    with fsspec.open("memory://tables/p.csv", "w") as file:
        file.write("prompt\nHi\n")
    assert [order.name for order in read_orders("memory://tables/p.csv", make, DEFAULTS)] == ["hi"]


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "no prompt column": ("promt,voice\nHi,silent\n", "no column 'prompt'"),
    "unknown column": ("prompt,voise\nHi,silent\n", "did you mean voice?"),
    "own option": ("prompt,out\nHi,/\n", "no such column as 'out'"),
    "a column twice": ("prompt,seed,Seed\nHi,1,2\n", "'seed' twice"),
    "encoding": (b"prompt\ncaf\xe9\n", "not UTF-8"),
    "empty": ("", "holds no prompt"),
    "header only": ("prompt\n\n", "holds no prompt"),
    "no prompt": ("prompt,seed\nHi,1\n ,2\n", "line 3: has no prompt"),
    "two names": ("prompt,name\nHi,a b\nHo,A-b\n", "line 3: its folder 'a-b' is already that of line 2"),
    "a prompt twice": ("prompt,seed\nHi,1\nHi,2\n", "column 'name'"),
    "a comma": ("prompt\nHi, you\n", "quotation marks"),
    "a quote": ('prompt\n"Hi\n', "not CSV"),
    "a number": ("prompt,fps\nHi,fast\n", "line 2: Invalid value for '--fps'"),
    "a choice": ("prompt,quality\nHi,8k\n", "'8k' is not one of"),
    "a chapter": ("prompt,chapters\nHi,atention\n", "did you mean attention?"),
    "a draw": ("prompt,top_p\nHi,1.5\n", "top-p 1.5"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_table_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    content, says = REFUSED[case]
    path = tmp_path / "p.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = CliRunner().invoke(main, ["batch", str(path), "--out", str(tmp_path / "out")])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("llm-lesson: ")
    assert says in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("prompts", "out", "says"),
    [
        ("nowhere.csv", "out", "no such file"),
        ("p.xlsx", "out", "a .csv, a .tsv, a .jsonl, or a .txt"),
        ("nosuch://p.csv", "out", "nosuch"),
        ("p.txt", "nosuch://out", "nosuch"),
        ("p.txt", "p.txt", "--out"),
    ],
)
def test_a_wrong_place_is_refused_in_one_line(
    prompts: str, out: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.txt").write_text("Hi\n")
    done = CliRunner().invoke(main, ["batch", prompts, "--out", out])
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr


def test_json_lines_are_refused_by_line(tmp_path: Path) -> None:
    for line, says in (
        ("{", "line 1: not JSON"),
        ("[1]", "not an object"),
        ('{"prompt": 1}', "'prompt' takes a text"),
    ):
        path = tmp_path / "p.jsonl"
        path.write_text(line)
        done = CliRunner().invoke(main, ["batch", str(path), "--out", str(tmp_path / "out")])
        assert done.exit_code == 2
        assert says in done.stderr
    path.write_text('{"prompt": "a\\ud800b"}')
    assert "not valid Unicode" in CliRunner().invoke(main, ["batch", str(path)]).stderr

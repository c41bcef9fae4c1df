"""Tables as people, spreadsheets and pandas write them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from renders.batch.orders import read_orders
from renders.batch.rows import rows
from renders.cli.make import make
from renders.errors import RequestError
from renders.values import parsed_ids

TWO = [{"prompt": "Hi, you", "seed": "2"}, {"prompt": "She; opened", "seed": "3"}]
DEFAULTS = {"level": "full", "chapters": None, "burn_captions": False, "model": "gpt2-pocket"}
DEFAULTS |= {"ids": None, "trace": None, "temperature": 0.0, "top_k": None, "top_p": None, "seed": 0}


def written(tmp_path: Path, content: str | bytes, name: str = "p.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def read(tmp_path: Path, content: str | bytes, name: str = "p.csv") -> list[dict[str, str]]:
    return [cells for _, cells in rows(written(tmp_path, content, name))]


TABLES: dict[str, str] = {
    "commas": 'prompt,seed\n"Hi, you",2\nShe; opened,3\n',
    "semicolons": 'prompt;seed\nHi, you;2\n"She; opened";3\n',
    "tabs": "prompt\tseed\nHi, you\t2\nShe; opened\t3\n",
    "bars": "prompt|seed\nHi, you|2\nShe; opened|3\n",
    "Excel's own first line": 'sep=;\r\nprompt;seed\r\nHi, you;2\r\n"She; opened";3\r\n',
    "ends of lines of old": 'prompt,seed\r"Hi, you",2\rShe; opened,3\r',
    "an index of pandas": ',prompt,seed\n0,"Hi, you",2\n1,She; opened,3\n',
    "an index read and written again": 'Unnamed: 0,prompt,seed\n0,"Hi, you",2\n1,She; opened,3\n',
    "columns of nothing": 'prompt;seed;;\nHi, you;2;;\n"She; opened";3;\n',
    "cells of nothing": 'prompt,seed\n"Hi, you",2,,\nShe; opened,3,\n',
    "quoted names": '"prompt";"seed"\n"Hi, you";2\n"She; opened";3\n',
}


@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_table_is_read_as_it_was_written(case: str, encoding: str, tmp_path: Path) -> None:
    assert read(tmp_path, TABLES[case].encode(encoding)) == TWO


def test_a_prompt_may_hold_the_mark_that_another_table_has_between_its_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "prompt\nHi; you|and\tme\n") == [{"prompt": "Hi; you|and\tme"}]
    assert read(tmp_path, "Hi,\r;\u2028|", "p.txt") == [{"prompt": "Hi,"}, {"prompt": ";\u2028|"}]
    assert read(tmp_path, "prompt\tseed\nHi, you\t2\n", "p.tsv") == [{"prompt": "Hi, you", "seed": "2"}]


def test_numbers_and_truths_as_they_are_written_elsewhere(tmp_path: Path) -> None:
    table = "prompt;seed;top_k;temperature;top_p;burn_captions\n"
    table += "a;2.0;5,0;0,8;0.9;WAHR\nb;7;;1;;1.0\nc;;;;;FALSCH\n"
    first, second, third = read_orders(written(tmp_path, table), make, DEFAULTS)
    drawn = {"seed": 2, "top_k": 5, "temperature": 0.8, "top_p": 0.9, "burn_captions": True}
    assert first.options == DEFAULTS | drawn
    assert second.options == DEFAULTS | {"seed": 7, "temperature": 1.0, "burn_captions": True}
    assert third.options == DEFAULTS
    lines = '{"prompt": "a", "seed": 2.0, "top_k": NaN, "top_p": null, "burn_captions": true}'
    (only,) = read_orders(written(tmp_path, lines, "p.jsonl"), make, DEFAULTS)
    assert only.options == DEFAULTS | {"seed": 2, "burn_captions": True}


def test_an_empty_cell_of_pandas_is_one_in_json_too(tmp_path: Path) -> None:
    lines = """{"Unnamed: 0": 0, "prompt": null, "ids": "1,2", "trace": NaN}
{"Unnamed: 0": 1, "prompt": "Hi", "ids": null, "": null}"""
    one, other = read_orders(written(tmp_path, lines, "p.jsonl"), make, DEFAULTS)
    assert (one.prompt, one.options) == ("", DEFAULTS | {"ids": "1,2"})
    assert (other.prompt, other.options) == ("Hi", DEFAULTS)


@pytest.mark.parametrize("ids", ["2061.0,481.0", "2061.0, 481.00", "2061.0 481"])
def test_token_ids_may_be_written_as_pandas_writes_whole_numbers(ids: str, tmp_path: Path) -> None:
    (order,) = read_orders(written(tmp_path, f'ids\n"{ids}"\n'), make, DEFAULTS)
    assert parsed_ids(order.options["ids"]) == (2061, 481)
    assert order.name == "ids-2061-481"
    (order,) = read_orders(written(tmp_path, '{"ids": 2061.0}', "p.jsonl"), make, DEFAULTS)
    assert parsed_ids(order.options["ids"]) == (2061,)


REFUSED: dict[str, tuple[str, str | bytes, str]] = {
    "half a number": ("p.csv", "prompt,seed\nHi,2.5\n", "line 2: Invalid value for '--seed': '2.5'"),
    "an old encoding": ("p.csv", b"prompt\ncaf\xe9\n", "not UTF-8 (byte 10); save it as UTF-8"),
    "half of UTF-16": ("p.csv", "prompt\n".encode("utf-16") + b"\0", "not UTF-16"),
    "a comma in a prompt": ("p.csv", "prompt\nHi, you\n", "line 2: cell 2, 'you', stands in no named column"),
    "a semicolon in a prompt": ("p.csv", "prompt;seed\nHi; you;2\n", "a prompt with a semicolon in it"),
    "an index of words": ("p.csv", ",prompt\na,Hi\n", "line 2: cell 1, 'a', stands in no named column"),
    "a line after Excel's": ("p.csv", "sep=;\nprompt;seed\nHi;x\n", "line 3: Invalid value for '--seed'"),
    "a workbook": ("p.xlsx", b"PK", "save the sheet as 'CSV UTF-8'"),
    "a list": ("p.json", "[]", "one JSON object a line (in pandas: orient='records', lines=True)"),
    "a number for a prompt": ("p.jsonl", '{"prompt": 42}', "takes a text, so put 42 into quotation marks"),
    "a truth for a prompt": ("p.jsonl", '{"prompt": true}', "so put true into quotation marks"),
    "nothing for a prompt": ("p.jsonl", '{"prompt": null}', "line 1: has no prompt"),
    "a column of words without a name": ("p.jsonl", '{"prompt": "Hi", "Unnamed: 0": "x"}', "'unnamed: 0'"),
    "half a token": ("p.csv", 'ids\n"1.5,2"\n', "line 2: --ids '1.5,2': takes whole numbers"),
    "a prompt and ids": ("p.csv", "prompt,ids\nHi,1\n", "line 2: has prompt and ids; give one of them"),
    "no ids": ("p.csv", "ids\nx\n", "line 2: --ids 'x': takes whole numbers"),
    "a list for a seed": ("p.jsonl", '{"prompt": "Hi", "seed": [1]}', "'seed' takes one text, number, true"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_named(case: str, tmp_path: Path) -> None:
    name, content, says = REFUSED[case]
    with pytest.raises(RequestError) as refused:
        read_orders(written(tmp_path, content, name), make, DEFAULTS)
    assert says in str(refused.value)


def test_what_json_says_of_a_prompt_is_true(tmp_path: Path) -> None:
    for value in ("42", "1.5", "3.10", "true"):
        line = f'{{"prompt": {value}}}'
        with pytest.raises(RequestError) as refused:
            read(tmp_path, line, "p.jsonl")
        assert "or a number" not in str(refused.value)
        assert f"so put {value} into quotation marks" in str(refused.value)
        assert read(tmp_path, json.dumps({"prompt": value}), "p.jsonl") == [{"prompt": value}]

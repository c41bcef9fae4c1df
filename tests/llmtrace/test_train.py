"""The bundled model's recipe: text is cleaned, tokens keep GPT-2's ids, and twenty steps lower the loss."""

import json
import math
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from llmtrace.bundled import measure
from llmtrace.bundled.train import fit, text

BOOK = """CHAPTER I.

“Good morning,” said the _old_ king--he was tired.
It rained.

* * *

'I see,' said Ann, 'that it's late.'
"""
MERGES = "#version: 0.2\nĠ t\nh e\nĠt he\ni n\n"


def small_data(folder: Path) -> Path:
    books = folder / "sources" / "books"
    books.mkdir(parents=True)
    paragraphs = [
        f"The {a} sat in the {b}, and the {b} was red."
        for a in ("cat", "dog", "king")
        for b in ("hat", "house")
    ]
    (books / "one.txt").write_text("\n\n".join(paragraphs * 40), encoding="utf-8")
    merges = folder / "vocab.bpe"
    merges.write_text(MERGES, encoding="utf-8")
    text.prepare(folder / "sources", merges, 260, folder / "data")
    return folder / "data"


def test_books_lose_furniture_and_keep_one_convention(tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text(BOOK, encoding="utf-8")
    assert list(text.books(tmp_path)) == [
        '"Good morning," said the old king -- he was tired. It rained.\n'
        "'I see,' said Ann, 'that it's late.'"
    ]
    assert (
        text.double_quotes("'I see,' said Ann, 'that it's late.'") == '"I see," said Ann, "that it\'s late."'
    )


def test_a_cut_tokenizer_keeps_gpt2_ids_and_spells_anything(tmp_path: Path) -> None:
    (tmp_path / "vocab.bpe").write_text(MERGES, encoding="utf-8")
    tokenizer = text.make_tokenizer(tmp_path / "vocab.bpe", 260)
    assert tokenizer.encode("! the in").ids == [0, 258, 220, 259]
    assert tokenizer.token_to_id(text.END) == 260
    odd = "naïve 🙂\n\t–"
    assert tokenizer.decode(tokenizer.encode(odd).ids) == odd


def test_twenty_steps_lower_the_loss_and_resume_and_export(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    run, out = tmp_path / "run", tmp_path / "out"
    torch.manual_seed(5)
    model = fit.new_model(261, width=32, blocks=2, heads=8, context=32)
    losses = fit.fit(model, data, run, {"books": 1.0}, steps=20, batch=4, peak=1e-2)
    assert len(losses) == 20
    assert abs(losses[0] - math.log(261)) < 0.5
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.5
    resumed = fit.fit(model, data, run, {"books": 1.0}, steps=22, batch=4, peak=1e-2)
    assert len(resumed) == 2
    assert resumed[0] < losses[0]
    trained = {name: value.clone() for name, value in model.state_dict().items()}
    fit.export(model, data, run, out)
    model = fit.new_model(261, width=32, blocks=2, heads=8, context=32)
    model.load_state_dict(trained)
    loaded = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()
    ids = torch.tensor([AutoTokenizer.from_pretrained(out)("The cat sat").input_ids])
    assert loaded.config.activation_function == "gelu_new"
    assert torch.allclose(loaded(ids).logits, model.eval()(ids).logits, atol=2e-2)


def test_muon_steps_equally_far_in_every_direction_of_the_gradient() -> None:
    torch.manual_seed(5)
    for rows, columns in ((16, 48), (48, 16), (16, 16)):
        left, right = (torch.linalg.qr(torch.randn(size, 16)).Q for size in (rows, columns))
        matrix = torch.nn.Parameter(torch.zeros(rows, columns))
        matrix.grad = left @ torch.diag(torch.linspace(0.2, 4.0, 16)) @ right.T
        fit.Muon([matrix], peak=0.1).step()
        step = -matrix.detach() / (0.1 * max(1, columns / rows) ** 0.5)
        along = torch.diag(left.T @ step @ right)  # how far it goes in each of the gradient's directions
        assert along.min() > 0.6
        assert along.max() < 1.3
        assert torch.allclose(left @ torch.diag(along) @ right.T, step, atol=1e-4)  # and in no other


def test_held_out_loss_counts_each_token_once(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    tokenizer = text.Tokenizer.from_file(str(data / "tokenizer.json"))
    model = fit.new_model(261, width=32, blocks=1, heads=2, context=16).eval()
    with torch.no_grad():
        model.transformer.wte.weight.zero_()  # then every next token has the same chance
    held = json.loads((data / "books.json").read_text(encoding="utf-8")) or [
        "The cat sat in the house and slept."
    ]
    size, nats, bits = measure.held_out(model, tokenizer, held)
    tokens = sum(len(tokenizer.encode(document).ids) for document in held)
    assert size == sum(map(len, held))
    assert math.isclose(nats, math.log(261), rel_tol=1e-5)
    assert math.isclose(bits, tokens * math.log2(261) / size, rel_tol=1e-5)


def test_forty_openings_are_listed() -> None:
    lines = [line for line in measure.OPENINGS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len({line.split("\t")[0] for line in lines}) == 40


def test_heads_measure_finds_a_uniform_head(tmp_path: Path) -> None:
    data = small_data(tmp_path)
    tokenizer = text.Tokenizer.from_file(str(data / "tokenizer.json"))
    model = fit.new_model(261, width=16, blocks=1, heads=2, context=16).eval()
    model.set_attn_implementation("eager")
    with torch.no_grad():
        model.transformer.h[0].attn.c_attn.weight.zero_()  # queries and keys alike: attention is even
    table = measure.heads(model, tokenizer, ["the the"])  # ids: "the" is 2 tokens, then " the"
    count = len(tokenizer.encode("the the").ids)
    even = sum(1 / (i + 1) for i in range(2, count)) / (count - 2)
    assert torch.allclose(table[:2], torch.full((2, 1, 2), even))

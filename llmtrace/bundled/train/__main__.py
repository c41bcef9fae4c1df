"""Trains the bundled model from text: prepare, fit, export."""

import argparse
import logging
from pathlib import Path

import torch
from tokenizers import Tokenizer

from llmtrace.bundled.train import fit, text

EXAMPLE = """example:
  python -m llmtrace.bundled.train prepare data --sources sources --merges vocab.bpe
  python -m llmtrace.bundled.train fit data run --steps 1900
  python -m llmtrace.bundled.train export data run pocket
  python -m llmtrace.bundled.measure pocket data

sources/ holds books/*.txt, wordnet/data.* and stories/*.jsonl ({"text": ...} a line); vocab.bpe is GPT-2's.
A run that was stopped goes on from its checkpoint, also with another number of steps."""


def main() -> None:
    parser = argparse.ArgumentParser("python -m llmtrace.bundled.train", description=__doc__, epilog=EXAMPLE)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("command", choices=["prepare", "fit", "export"])
    parser.add_argument(
        "paths", type=Path, nargs="+", help="prepare: DATA; fit: DATA RUN; export: DATA RUN OUT"
    )
    parser.add_argument("--sources", type=Path, help="prepare: folder of the sources")
    parser.add_argument("--merges", type=Path, help="prepare: GPT-2's vocab.bpe")
    parser.add_argument("--size", type=int, default=8192, help="prepare: keep GPT-2's first SIZE token ids")
    parser.add_argument(
        "--mix", nargs="+", default=["books=6.5", "wordnet=2.5", "stories=0.7"], help="fit: text shares"
    )
    parser.add_argument("--steps", type=int, default=1900, help="fit: up to this step")
    parser.add_argument("--batch", type=int, default=24, help="fit: windows a step")
    parser.add_argument(
        "--peak", type=float, default=2e-3, help="fit: highest learning rate (of AdamW; Muon's is tenfold)"
    )
    parser.add_argument(
        "--shape", type=int, nargs=4, default=[256, 6, 8, 256], help="width blocks heads context"
    )
    a = parser.parse_args()
    logging.getLogger("transformers").setLevel(logging.ERROR)
    if a.command == "prepare":
        text.prepare(a.sources, a.merges, a.size, *a.paths)
    else:
        torch.manual_seed(5)
        tokenizer = Tokenizer.from_file(str(a.paths[0] / "tokenizer.json"))
        model = fit.new_model(tokenizer.get_vocab_size(), *a.shape)
        if a.command == "export":
            fit.export(model, *a.paths)
        else:
            mix = {name: float(share) for name, share in (pair.split("=") for pair in a.mix)}
            data, run = a.paths
            fit.fit(model, data, run, mix, a.steps, a.batch, a.peak)


if __name__ == "__main__":
    main()

"""Trains the bundled model from text: prepare, fit, export."""

import argparse
import logging
import os
from pathlib import Path

import torch
from tokenizers import Tokenizer

from llmtrace.bundled.train import fit, text

EXAMPLE = """example:
  python -m llmtrace.bundled.train prepare data --sources sources --merges vocab.bpe
  python -m llmtrace.bundled.train fit data --steps 3400
  python -m llmtrace.bundled.train export data pocket
  python -m llmtrace.bundled.measure pocket data

sources/ holds books/*.txt (older ones), modern/*.txt, children/*.txt, sentences/*.txt, wordnet/data.* and
validation/*.txt, which is never trained on; vocab.bpe is GPT-2's.
fit goes on from the newest checkpoint in --keep, also with another number of steps; the number may be changed
while it runs, in the file `steps` there. A run is to end at a rate of 0."""
MIX = ["books=1.4", "modern=4.6", "children=0.8", "sentences=2.8", "wordnet=0.4"]


def main() -> None:
    parser = argparse.ArgumentParser("python -m llmtrace.bundled.train", description=__doc__, epilog=EXAMPLE)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("command", choices=["prepare", "fit", "export"])
    parser.add_argument("paths", type=Path, nargs="+", help="prepare: DATA; fit: DATA; export: DATA OUT")
    parser.add_argument("--sources", type=Path, help="prepare: folder of the sources")
    parser.add_argument("--merges", type=Path, help="prepare: GPT-2's vocab.bpe")
    parser.add_argument("--size", type=int, default=16384, help="prepare: keep GPT-2's first SIZE token ids")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "llm-lesson" / "pocket"
    parser.add_argument("--keep", type=Path, default=cache, help="fit, export: folder of checkpoints and log")
    parser.add_argument("--mix", nargs="+", default=MIX, help="fit: text shares")
    parser.add_argument("--steps", type=int, default=3400, help="fit: up to this step")
    parser.add_argument("--batch", type=int, default=24, help="fit: windows a step")
    parser.add_argument("--peak", type=float, default=1.6e-3, help="fit: AdamW's peak rate (Muon: tenfold)")
    parser.add_argument(
        "--decay", type=float, default=0.25, help="fit: share of the steps with a falling rate"
    )
    parser.add_argument(
        "--shape", type=int, nargs=4, default=[256, 6, 8, 256], help="width blocks heads context"
    )
    parser.add_argument("--last", type=int, default=10, help="export: mean of so many checkpoints")
    a = parser.parse_args()
    logging.getLogger("transformers").setLevel(logging.ERROR)
    if a.command == "prepare":
        try:
            text.prepare(a.sources, a.merges, a.size, *a.paths)
        except ValueError as error:
            parser.error(str(error))
        return
    if a.batch % int(os.environ.get("WORLD_SIZE", "1")):  # torchrun's
        parser.error("--batch is not a multiple of the number of workers: choose another")
    if "WORLD_SIZE" in os.environ:
        torch.distributed.init_process_group("gloo")
    torch.manual_seed(5)
    data = a.paths[0]
    tokenizer = Tokenizer.from_file(str(data / "tokenizer.json"))
    model = fit.new_model(tokenizer.get_vocab_size(), *a.shape)
    if a.command == "export":
        fit.export(model, data, a.keep, a.paths[1], a.last)
    else:
        mix = {name: float(share) for name, share in (pair.split("=") for pair in a.mix)}
        fit.fit(model, data, a.keep, fit.Plan(mix, a.steps, a.batch, a.peak, a.decay))


if __name__ == "__main__":
    main()

"""`trace` and `check`: the tensors, and the proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from renders.cli.options import looking, sampling
from renders.cli.prompts import Prompt, prompted
from renders.limits import LARGE
from renders.terminal import console


@click.command()
@prompted
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option(
    "--only", multiple=True, metavar="PATTERN", help="Keep the tensors of this name alone; may be repeated."
)
@click.option(
    "--dtype",
    type=click.Choice(["float32", "float16"]),
    default="float32",
    show_default=True,
    help="float16 takes half the space; ids and what the choice hangs on stay exact.",
)
@click.option(
    "--trace-steps",
    type=click.Choice(["first", "last", "all"]),
    default="first",
    show_default=True,
    help="Which steps keep every tensor; the first one reads PROMPT.",
)
@sampling
@looking
def trace(
    prompt: Prompt,
    out: Path,
    only: tuple[str, ...],
    dtype: str,
    trace_steps: str,
    model: str,
    new_tokens: int,
    head: str | None,
    query: str | None,
    key: str | None,
    **choice: Any,
) -> None:
    """Writes every tensor of the model's run on PROMPT to one safetensors file, as they come.

    \b
    Examples:  llm-lesson trace "What will be" --out trace.safetensors
               llm-lesson trace "Once upon a time" --out t.safetensors --model gpt2 --temperature 0.8
               llm-lesson trace "What will be" --out patterns.safetensors --only 'block.*.attn.pattern'
               llm-lesson trace --ids 2061,481,307 --out t.safetensors --trace-steps all --dtype float16
    """
    from llmtrace import Sampling, capture
    from llmtrace.describe import size_of
    from renders.request import LessonRequest, asked
    from renders.store.atomic import ends_with

    ends_with(out, ".safetensors", "--out")
    look = LessonRequest(**asked(prompt, head=head, query=query, key=key)).look

    def foretell(size: int) -> None:
        if size > LARGE:
            less = "" if only else "; --only and --dtype float16 make it less"
            click.echo(f"{out}: about {size_of(size)} will be written{less}", err=True)

    with console(stderr=True).status("") as status:  # moves in a terminal, and is not there elsewhere
        made = capture(
            prompt,
            model,
            new_tokens=new_tokens,
            sampling=Sampling(**choice),
            only=only,
            dtype=dtype,
            trace_steps=trace_steps,
            look=look,
            surroundings=True,  # so that every chapter can be made of it
            to=out,
            foretell=foretell,
            each=lambda done, of: status.update(f"{done} of {of} tokens"),
        )
    from renders.inspect.summary import summary

    click.echo("\n".join(summary(made, out)))

"""`chapters`, `models`, `voices`: what there is to choose from."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from renders.cli.options import AS_JSON


@click.command()
@AS_JSON
def chapters(as_json: bool) -> None:
    """Lists the chapters of a lesson."""
    from scenes import CHAPTERS
    from scenes.chapter import load_chapter

    titles = {name: dict(load_chapter(name).texts.title) for name in CHAPTERS}
    if as_json:
        click.echo(json.dumps([{"name": name, "title": title} for name, title in titles.items()]))
        return
    from renders.terminal import table

    table(("chapter", "title"), [(name, title["en"]) for name, title in titles.items()])


@click.command()
@click.option("--licences", is_flag=True, help="The terms of each model instead.")
@AS_JSON
def models(licences: bool, as_json: bool) -> None:
    """Lists the models that have a name, with their sizes and where they come from."""
    from llmtrace.known import KNOWN

    if as_json:
        click.echo(json.dumps([asdict(model) for model in KNOWN]))
        return
    if licences:
        for model in KNOWN:
            click.echo(f"{model.name}: {model.licence}")
        return
    from renders.terminal import table

    rows = [(m.name, m.parameters, m.download, m.about) for m in KNOWN]
    table(("model", "parameters", "download", "where it comes from"), rows)
    click.echo("These read English. Any folder with a GPT-2 in safetensors, or any hub id of")
    click.echo("one, works as --model too.")


@click.command()
@click.option("--licences", is_flag=True, help="The terms of each voice instead.")
@AS_JSON
def voices(licences: bool, as_json: bool) -> None:
    """Lists the voices: what they are, which languages they speak, and whether they are installed."""
    from voiceover.voices import voices as known

    if as_json:
        click.echo(json.dumps([asdict(voice) for voice in known()]))
        return
    if licences:
        for voice in known():
            click.echo(f"{voice.name}: {voice.licence}")
        return
    from renders.terminal import table

    rows = [
        (v.name, v.what, ", ".join(v.languages), "yes" if v.installed else f"no: {v.remedy}") for v in known()
    ]
    table(("voice", "what it is", "speaks", "installed"), rows)
    click.echo("Any Piper voice works as --voice too: its .onnx, with the .onnx.json beside it.")
    click.echo("German: de_DE-thorsten-medium, from https://huggingface.co/rhasspy/piper-voices")

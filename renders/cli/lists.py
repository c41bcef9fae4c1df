"""`chapters`, `models`, `voices`: what there is to choose from."""

from __future__ import annotations

import click

from renders.cli import tables


@click.command()
def chapters() -> None:
    """Lists the chapters of a lesson."""
    tables.chapters()


@click.command()
def models() -> None:
    """Lists the models that have a name, with their sizes and where they come from."""
    tables.models()


@click.command()
def voices() -> None:
    """Lists the voices, with their licences."""
    tables.voices()

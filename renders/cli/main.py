"""The command line: `llm-lesson make "What will be"`, and what goes with it."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from typing import Any

import click

from llmtrace.errors import TraceError
from llmtrace.suggest import nearest
from renders.errors import LessonError
from renders.terminal import legible
from scenes.errors import ChapterError
from scenes.letters import shorten
from voiceover.errors import VoiceError

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
COMMANDS = {  # in the order of --help: each is loaded when it is called
    "make": "make.make",
    "clip": "clip.clip",
    "still": "still.still",
    "batch": "batch.batch",
    "trace": "trace.trace",
    "check": "check.check",
    "inspect": "inspect.inspect",
    "script": "script.script",
    "listen": "listen.listen",
    "publish": "publish.publish",
    "post": "post.post",
    "feed": "feed.feed",
    "sheet": "sheet.sheet",
    "record-sheet": "record_sheet.record_sheet",
    "chapters": "lists.chapters",
    "models": "lists.models",
    "voices": "lists.voices",
    "doctor": "doctor.doctor",
    "bench": "bench.bench",
    "cache": "cache.cache",
}
LATER = {"studio": "the page to make lessons from comes later; today 'llm-lesson make PROMPT' makes one"}


class _Group(click.Group):
    """Shows our errors as one line and exits with 2; ends with 130 after Ctrl-C. Prints in any terminal.

    What is no command is a prompt for `make`, unless it looks like a misspelt command.
    """

    def main(self, *args: Any, **extra: Any) -> Any:
        legible()
        # Torch makes this folder, even to compile nothing, and leaves it: one that is there will do.
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", tempfile.gettempdir())
        return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(importlib.import_module(f"renders.cli.{module}"), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {*COMMANDS, *(option for parameter in self.get_params(ctx) for option in parameter.opts)}
        if args and args[0] not in known and not ctx.resilient_parsing:
            words = args[0].split()
            if args[0] in LATER:
                self._refuse(ctx, args[0], f"{LATER[args[0]]}.")
            if len(words) == 1 and (near := nearest(words[0], COMMANDS, cutoff=0.8)):
                self._refuse(ctx, args[0], f"is no command; did you mean {near[0]}?")
            args = ["make", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LessonError, TraceError, VoiceError, ChapterError) as error:
            click.echo(f"llm-lesson: {' '.join(str(error).split())}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("llm-lesson: stopped", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as error:  # a path that cannot even be looked at
            if error.filename is None:
                raise
            name, reason = shorten(str(error.filename), 60), (error.strerror or "it cannot be read").lower()
            click.echo(f"llm-lesson: {name}: {reason}; give another path", err=True)
            ctx.exit(2)

    @staticmethod
    def _refuse(ctx: click.Context, word: str, why: str) -> None:
        """A word that may be meant as a command is never made a video of without asking."""
        click.echo(f"llm-lesson: {word}: {why} If it is your prompt: llm-lesson make {word}", err=True)
        ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="llm-lesson")
def main() -> None:
    """A prompt in; out comes a narrated video of what a real GPT-2 does with it.

    \b
    Example:  llm-lesson make "What will be"
    """


if __name__ == "__main__":
    sys.exit(main())

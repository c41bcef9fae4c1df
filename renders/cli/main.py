"""The command line: `llm-lesson make "What will be"`, and what goes with it."""

from __future__ import annotations

import sys
from typing import Any

import click

from llmtrace.errors import TraceError
from renders.cli import (
    batch,
    bench,
    cache,
    check,
    doctor,
    inspect,
    listen,
    lists,
    make,
    record_sheet,
    script,
    trace,
)
from renders.errors import LessonError
from renders.terminal import legible
from scenes.letters import shorten
from voiceover.errors import VoiceError

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


class _Group(click.Group):
    """Shows our errors as one line and exits with 2; ends with 130 after Ctrl-C. Prints in any terminal."""

    def main(self, *args: Any, **extra: Any) -> Any:
        legible()
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (LessonError, TraceError, VoiceError) as error:
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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="llm-lesson")
def main() -> None:
    """A prompt in; out comes a narrated video of what a real GPT-2 does with it.

    \b
    Example:  llm-lesson make "What will be"
    """


for command in (
    make.make,
    batch.batch,
    trace.trace,
    check.check,
    inspect.inspect,
    script.script,
    listen.listen,
    record_sheet.record_sheet,
    lists.chapters,
    lists.models,
    lists.voices,
    doctor.doctor,
    bench.bench,
    cache.cache,
):
    main.add_command(command)


if __name__ == "__main__":
    sys.exit(main())

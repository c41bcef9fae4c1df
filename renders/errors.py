"""What can go wrong for the person who makes a lesson, one class per cause.

    LessonError
    ├── OutputError   a file or folder cannot be written
    └── EncodeError   pictures, sound or captions do not make one video, or a video cannot be read

A message is one line: what happened, where, and the next step. It is shown as it is, without a traceback.
"""


class LessonError(Exception):
    """Base of everything that `renders` raises to the user."""


class OutputError(LessonError):
    """An output file or folder cannot be written."""


class EncodeError(LessonError):
    """Pictures, sound or captions do not make one video, or a video cannot be read."""

"""What can go wrong for the person who makes a lesson, one class per cause.

    LessonError
    ├── RequestError   what was asked for is unknown
    ├── OutputError    a file or folder cannot be written
    ├── EncodeError    pictures, sound or captions do not make one video, or a video cannot be read
    ├── WorkerError    a process that worked for us was ended from outside
    ├── CheckError     a lesson's files are missing or damaged
    └── ClusterError   the machines that should make lessons cannot be reached

A message is one line: what happened, where, and the next step. It is shown as it is, without a traceback.
"""


class LessonError(Exception):
    """Base of everything that `renders` raises to the user."""


class RequestError(LessonError):
    """A chapter, level or option that is unknown, or that this version does not have yet."""


class OutputError(LessonError):
    """An output file or folder cannot be written."""


class EncodeError(LessonError):
    """Pictures, sound or captions do not make one video, or a video cannot be read."""


class WorkerError(LessonError):
    """A process that ran the model or drew a chapter was ended from outside, as when memory runs out."""


class CheckError(LessonError):
    """The files of a lesson are missing or damaged."""


class ClusterError(LessonError):
    """The machines that should make lessons cannot be reached, or went away."""

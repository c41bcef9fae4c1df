"""What can go wrong while tracing.

    TraceError
    ├── PromptError      a prompt, or ids, that the model cannot take
    ├── ModelError       a model that is unknown, unreachable or of another kind
    └── TraceFileError   a trace that cannot be read or written

Each message is one line that says what, where and the next step.
"""


class TraceError(Exception):
    """The base of all errors that `llmtrace` raises for a reason outside itself."""


class PromptError(TraceError):
    """The prompt is empty, not text, too long, or holds ids that the model does not have."""


class ModelError(TraceError):
    """The model is unknown, cannot be reached, or is not a GPT-2 with safetensors weights."""


class TraceFileError(TraceError):
    """The file is missing, damaged, of another format, or cannot be written."""

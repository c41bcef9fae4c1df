"""What can go wrong while tracing, one class per cause.

    TraceError
    ├── PromptError           a prompt, or ids, that the model cannot take
    │   ├── EmptyPromptError    there is no text, or no id
    │   ├── NotTextError        it is not valid Unicode, as bytes that are not UTF-8 are not
    │   ├── TokenIdError        an id that the model does not have
    │   └── TooLongError        more tokens than the model reads
    ├── SettingError          a sampling or recording option that makes no sense
    ├── ModelError            a model that cannot be used
    │   ├── UnknownModelError   no model, folder or hub id of this name
    │   ├── HubError            the model hub cannot be reached, or does not give the model
    │   ├── FamilyError         an architecture that is not traced
    │   └── WeightsError        weights or configuration that are pickled, damaged, or lack something
    └── TraceFileError        a trace that cannot be read
        └── TraceWriteError     a trace that cannot be written: no room, no such place

Each message is one line that says what, where and the next step.
"""


class TraceError(Exception):
    """The base of all errors that `llmtrace` raises for a reason outside itself."""


class PromptError(TraceError):
    """A prompt, or ids, that the model cannot take."""


class EmptyPromptError(PromptError):
    """There is no text, or no id."""


class NotTextError(PromptError):
    """The prompt is not valid Unicode: a lone surrogate, or bytes that are not UTF-8."""


class TokenIdError(PromptError):
    """An id that the model does not have."""


class TooLongError(PromptError):
    """The prompt has more tokens than the model reads at once."""


class SettingError(TraceError):
    """A sampling or recording option that makes no sense."""


class ModelError(TraceError):
    """A model that cannot be used."""


class UnknownModelError(ModelError):
    """There is no model, folder or hub id of this name."""


class HubError(ModelError):
    """The model hub cannot be reached, or does not give the model."""


class FamilyError(ModelError):
    """The model's architecture is not one that is traced."""


class WeightsError(ModelError):
    """Weights or configuration that are pickled, damaged, or lack something."""


class TraceFileError(TraceError):
    """The file is missing, damaged, of another format, or no trace."""


class TraceWriteError(TraceFileError):
    """The file cannot be written: the disk is full, or there is no such place."""

"""Prompt → trace: every tensor of a forward pass of a real GPT-2, or of another decoder, in one open file.

    from llmtrace.capture import capture
    trace = capture("What will be")
    trace["block.03.attn.pattern"]      # (head, query, key)
    trace.save("trace.safetensors")

    capture("What will be", "gpt2", to="trace.safetensors", only=["block.*.attn.pattern"])   # as they come

`llmtrace.names` lists the names with their axes, and `llmtrace.families` the architectures: GPT-2, Llama (and
SmolLM), Mistral, Qwen 2, Qwen 3, GPT-NeoX. `llmtrace.trace` reads a trace with numpy alone;
`llmtrace.capture` is what loads torch and transformers. `llmtrace.checks` proves a trace, and
`llmtrace.errors` has a class for each cause.
"""

from llmtrace.errors import ModelError, PromptError, SettingError, TraceError, TraceFileError, TraceWriteError
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace

__all__ = [
    "ModelError",
    "PromptError",
    "Sampling",
    "SettingError",
    "Trace",
    "TraceError",
    "TraceFileError",
    "TraceWriteError",
]

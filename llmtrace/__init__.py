"""Prompt → trace: every tensor of one forward pass of a real GPT-2.

    from llmtrace.capture import capture
    trace = capture("What will be")
    trace["block.03.attn.pattern"]      # (head, query, key)
    trace.save("trace.safetensors")

`llmtrace.trace` reads a trace with numpy alone; `llmtrace.capture` is what loads torch and transformers.
"""

from llmtrace.errors import ModelError, PromptError, TraceError, TraceFileError
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace

__all__ = ["ModelError", "PromptError", "Sampling", "Trace", "TraceError", "TraceFileError"]

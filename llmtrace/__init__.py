"""Prompt → trace: every tensor of a forward pass of a real GPT-2, or of another decoder, in one open file.

    from llmtrace import Trace, capture
    trace = capture("What will be")
    trace["block.03.attn.pattern"]      # (head, query, key)
    trace.save("trace.safetensors")     # Trace.load reads it again

    capture("What will be", "gpt2", to="trace.safetensors", only=["block.*.attn.pattern"])   # as they come
    capture("What will be", model, tokenizer)       # a transformers model that is in memory
    model = load_model("gpt2")                      # for many prompts: load once, capture("…", model)

    trace                                           # in a notebook: a table of its tensors
    trace.plot("block.03.attn.pattern", 0)          # a small picture
    all(identity.holds for identity in check(trace))

These names are the public ones. `llmtrace.names` lists the tensors' names with their axes, and
`llmtrace.families` the architectures: GPT-2, Llama (and SmolLM), Mistral, Qwen 2, Qwen 3, GPT-NeoX. A trace
is read with numpy alone; torch and transformers are loaded when a model is. `llmtrace.errors` has a class for
each cause.
"""

from llmtrace.checks import Identity, check
from llmtrace.errors import ModelError, PromptError, SettingError, TraceError, TraceFileError, TraceWriteError
from llmtrace.look import Look
from llmtrace.models import load_model
from llmtrace.sampling import Sampling
from llmtrace.trace import Trace
from llmtrace.tracing import capture

__all__ = [
    "Identity",
    "Look",
    "ModelError",
    "PromptError",
    "Sampling",
    "SettingError",
    "Trace",
    "TraceError",
    "TraceFileError",
    "TraceWriteError",
    "capture",
    "check",
    "load_model",
]

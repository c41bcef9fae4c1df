"""Engines: each turns a spoken text into a `Speech`. `voiceover.voices.load_voice` chooses one by name."""

import os

# onnxruntime, which neural voices run on, would report its use to its makers, and keep a file of that where
# temporary files go.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

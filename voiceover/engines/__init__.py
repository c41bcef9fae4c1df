"""Engines: each turns a spoken text into a `Speech`. `voiceover.voices.load_voice` chooses one by name."""

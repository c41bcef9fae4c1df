"""Prompt → trace: every tensor of one forward pass of a real GPT-2."""

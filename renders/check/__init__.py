"""The proof: a trace's identities, every reading read and formatted again, every file as the lesson says."""

from renders.check.lesson import Verdict, verify

__all__ = ["Verdict", "verify"]

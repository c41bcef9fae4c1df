"""Trace → pictures, and the words that go with them."""

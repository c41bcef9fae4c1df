"""The packaged voice, loaded once. The set-up installs it, so a test that needs it fails without it."""

import pytest

from voiceover.engines.piper import PiperEngine, packaged
from voiceover.speech import Speech
from voiceover.spoken import spoken

SENTENCE = (
    "The word ‘ be’ gives 37 % of its attention to ‘ What’; the scores of the keys are divided by √d_k,"
    " and softmax turns them into weights that add to 1. That is all."
)


@pytest.fixture(scope="session")
def piper() -> PiperEngine:
    return packaged()


@pytest.fixture(scope="session")
def written() -> str:
    """A narration's sentence, as a caption shows it."""
    return SENTENCE


@pytest.fixture(scope="session")
def sentence(piper: PiperEngine) -> Speech:
    """`SENTENCE`, spoken."""
    return piper.speak(spoken(SENTENCE))

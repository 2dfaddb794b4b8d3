"""What probability log-odds stand for."""

import math

_MOST = 30.0  # beyond it a probability is 0 or 1 to twelve places, and further on the exponential overflows


def probability_of(odds: float) -> float:
    """Return the probability, 0 to 1, of log-odds (the logistic function)."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, odds))))

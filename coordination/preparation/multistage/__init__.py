"""Preparing while a forecast sharpens: what to do now, what to leave until more is known, and what that is worth."""

from coordination.preparation.multistage.adapting import Adapted as Adapted
from coordination.preparation.multistage.adapting import adapted as adapted

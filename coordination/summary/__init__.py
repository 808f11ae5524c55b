"""What a plan amounts to, in at most 25 lines that can be read aloud."""

from coordination.summary.summary import summarise as summarise

__all__ = ["summarise"]

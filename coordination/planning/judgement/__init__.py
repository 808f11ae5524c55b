"""Coalitions that guess what others do, and collide: what each reckons with, who gives way."""

from coordination.planning.judgement.judging import plan_by_judgement as plan_by_judgement

"""The world as data: tables declared once, read from four forms, checked, and frozen.

``rows`` declares the tables; ``reading``, ``csv_tables``, ``yaml_header``, ``workbook`` and ``document``
read them; ``checking``, ``conversion``, ``references`` and ``rules`` check them; ``instance`` is the result.
"""

from coordination.instance.instance import Frames as Frames
from coordination.instance.instance import Instance as Instance
from coordination.instance.instance import expect_instance as expect_instance
from coordination.instance.instance import load as load
from coordination.instance.instance import load_apart as load_apart
from coordination.instance.policy import Policy as Policy
from coordination.instance.raw import Finding as Finding

__all__ = ["Finding", "Frames", "Instance", "Policy", "expect_instance", "load", "load_apart"]

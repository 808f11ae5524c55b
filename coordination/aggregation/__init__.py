"""Aggregation: a city made coarser, what lies below a level of its zones put together.

>>> import coordination as co                                        # doctest: +SKIP
>>> coarse = co.aggregate(co.load("instances/xian"), "district")      # doctest: +SKIP
>>> co.prepare(coarse)                                               # doctest: +SKIP

What somebody decides about, or a rule names, stays itself: stores, fleets, who owns or stands by, tasks in conflict.
What is only there in numbers is put together: people and their needs, hours of work, tasks of one kind.
"""

from coordination.aggregation.aggregating import aggregate as aggregate
from coordination.aggregation.gathering import gathered_tables as gathered_tables

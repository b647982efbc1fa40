"""A whole population at once: the rulebook compiled to one query over columns, and the files that such columns are in.

NULL is "not yet known"; nothing here chooses for people. Checked against the engine (``rules.columns.checking``).
"""

from rules.columns.checking import Engine, Mismatch
from rules.columns.faults import PopulationError
from rules.columns.files import batches
from rules.columns.plans import Plan, decide, plan
from rules.columns.schema import Column, Schema, vocabulary

__all__ = [
    "Column",
    "Engine",
    "Mismatch",
    "Plan",
    "PopulationError",
    "Schema",
    "batches",
    "decide",
    "plan",
    "vocabulary",
]

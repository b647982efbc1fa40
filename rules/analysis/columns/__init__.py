"""A whole population at once: the rulebook compiled to one query over columns, and the files that such columns are in.

NULL is "not yet known"; nothing here chooses for people. Checked against the engine (``rules.analysis.columns.checking``).
"""

from rules.analysis.columns.checking import Engine, Mismatch
from rules.analysis.columns.faults import PopulationError
from rules.analysis.columns.files import batches
from rules.analysis.columns.plans import Plan, decide, plan
from rules.analysis.columns.schema import Column, Schema, vocabulary

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

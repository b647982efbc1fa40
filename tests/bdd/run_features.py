"""The scenarios of the folder that the environment names: for the mutation audit, which runs them against changed rulebooks."""

from __future__ import annotations

import os

from pytest_bdd import scenarios

scenarios(os.environ["FEATURES_FOLDER"])

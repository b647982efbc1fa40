"""The plan of a rulebook on Spark, in local mode: the same query, over a Parquet file, by Spark's own reader and writer."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from rules.analysis.columns import Plan


def missing() -> str | None:
    """Why Spark cannot run here; None where it can."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed (dependency group spark)"
    return None if shutil.which("java") else "there is no Java"


@contextmanager
def local_spark(cores: int = 2) -> Iterator[Any]:
    """A session of Spark within this process and its Java."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false", "spark.driver.memory": "2g", "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.sql.shuffle.partitions": "4",
    }  # fmt: skip
    builder = SparkSession.builder.master(f"local[{cores}]").appName("wenze")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def decide_on_spark(session: Any, plan: Plan, source: Path, target: Path) -> None:
    """Decide the population in a Parquet file; the result is a folder of Parquet files."""
    population = session.read.parquet(str(source))
    population.createOrReplaceTempView("population")
    session.sql(plan.sql("spark", population.columns)).write.mode("overwrite").parquet(str(target))


def differing(result: pl.DataFrame, folder: Path) -> int:
    """How many rows Spark answered otherwise than ``result``."""
    told = pl.read_parquet(folder / "*.parquet").sort("case")
    ours = result.select(told.columns).sort("case").with_columns(pl.selectors.enum().cast(pl.String))
    return sum(one != other for one, other in zip(told.iter_rows(), ours.iter_rows(), strict=True))

"""Measures of speed: ratios of things run in turn within one run. ``make bench`` writes them to build/bench.json."""

"""The regulation itself, as it is told: compliance, scenarios, what rests on a provision."""

"""From a case file or a matter to a recommendation, its receipt, and what it is told by."""

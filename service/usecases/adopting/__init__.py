"""What is adopted for the rules to use: years of the work calendar, rows of the influence periods."""

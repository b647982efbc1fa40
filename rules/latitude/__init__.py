"""What may be done to each person: admissible, robust, and what would alter it."""

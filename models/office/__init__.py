"""What the Office does beside matters: inspections, figures, ratings, confirmed periods, mail and parcels."""

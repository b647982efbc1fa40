"""An accountability case: what its records make of it, who may do what, and whether the procedure was kept. Source: art-9."""

"""From rows to a problem of the engine, from its plan to rows again, and the work between."""

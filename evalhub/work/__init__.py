"""Background work: one job is one row's id and one service call, as `system` for the person who asked."""

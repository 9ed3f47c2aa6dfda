"""Use cases. Gather, ask the domain, change rows, journal once. No Flask; whoever opened the transaction ends it."""

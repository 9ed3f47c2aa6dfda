"""Use cases. Gather, ask the domain, change rows, journal once. No Flask, no commit: whoever opened the transaction ends it."""

"""The outside: database engine, clock, chance, keys, files, documents, queue, mail. Knows no table."""

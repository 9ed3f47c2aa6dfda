"""Rules. Pure: no Flask, no SQLAlchemy, no clock, no file, no unseeded chance. Holds keys and figures, not phrases."""

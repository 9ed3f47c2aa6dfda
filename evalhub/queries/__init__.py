"""Reads. Select only: lists, counts, pages, each limited to what the actor may see; nothing here writes."""

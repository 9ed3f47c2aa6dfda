"""Decides whether a file from outside is harmless; runs in the sandbox's child, by the standard library and pikepdf.

`archive` proves the framing of a zip, `parts` reads XML without trusting it,
`office` and `office_xml` look for what runs or reaches out, `pdf` and `images` do the same for theirs. Every refusal is
one of `reasons`.
"""

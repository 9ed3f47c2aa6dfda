"""Scoring: a frozen indicator tree, one sheet per rater, exact totals, and what the panel's numbers can bear.

`framework` is the tree, `rules` let a leaf score itself, `sheet` is what one rater fills, `panel` the sheets of one
task with their method, `aggregate` makes the totals, `agreement`, `severity` and `stability` say how far they carry,
`exchange` reads and writes the file format.
"""

"""Sheets brought from outside: what each cell says, what stands against it, and the values that a row comes to.

`cells` reads one cell, `columns` describes the sheet of a noun, `verdict` judges whole rows against each other and the
pool. Nothing here knows a spreadsheet library or a table.
"""

"""Excel tables in and out: `reading` takes a sheet apart in the sandbox, `cells` says what a cell means in a column,
`writing` makes workbooks that hold no live formula."""

from evalhub.infra.spreadsheets.cells import Cell, Reading, code_of, date_of, integer_of, money_fen_of, text_of
from evalhub.infra.spreadsheets.reading import Records, Row, SpreadsheetRefused, Table, read_records, read_table
from evalhub.infra.spreadsheets.writing import Column, write_table, write_template

__all__ = [
    "Cell",
    "Column",
    "Reading",
    "Records",
    "Row",
    "SpreadsheetRefused",
    "Table",
    "code_of",
    "date_of",
    "integer_of",
    "money_fen_of",
    "read_records",
    "read_table",
    "text_of",
    "write_table",
    "write_template",
]

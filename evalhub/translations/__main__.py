"""`python -m evalhub.translations`: compile the catalogues of all languages."""

from evalhub.translations import compile_all

compile_all()

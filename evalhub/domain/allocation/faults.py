"""What the engine refuses or finds broken: a path or a place, a code and counts. Sentences are made by the caller."""

from typing import Any

from evalhub.domain.errors import DomainError


class InvalidInstance(DomainError):
    """An instance that cannot be taken.

    `path` names the key of the exchange format (`tasks[3].seats`), or `line 3, column 7` for text that is not JSON;
    `code` says what is wrong and `figures` with which values.
    """

    def __init__(self, path: str, code: str, **figures: Any) -> None:
        super().__init__(code, **figures)
        self.path = path

    def __str__(self) -> str:
        details = ", ".join(f"{name} {figure}" for name, figure in self.figures.items())
        return f"{self.path}: {self.code}" + (f" ({details})" if details else "")


class NothingFound(DomainError):
    """Time ran out, or the run was stopped, before any allocation was found."""

    def __init__(self) -> None:
        super().__init__("allocation.nothing_found")

"""Why a file is refused: codes that never change their meaning, with the key of the words for people."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any, BinaryIO


class Reason(Enum):
    """One reason; `code` is printed in letters and logs, `key` is the message's id."""

    EMPTY = "F-01"
    TOO_LARGE = "F-02"
    BAD_NAME = "F-03"
    KIND_NOT_ALLOWED = "F-04"
    NOT_WHAT_IT_SAYS = "F-05"
    TOO_SLOW = "F-06"
    FOREIGN_DATA = "F-07"

    ARCHIVE_BROKEN = "F-10"
    ARCHIVE_DUPLICATE = "F-11"
    ARCHIVE_OVERLAP = "F-12"
    ARCHIVE_MISMATCH = "F-13"
    ARCHIVE_SURPLUS = "F-14"
    ARCHIVE_PATH = "F-15"
    ARCHIVE_LINK = "F-16"
    ENCRYPTED = "F-17"
    ARCHIVE_ENTRIES = "F-18"
    ARCHIVE_BOMB = "F-19"
    ARCHIVE_NESTED = "F-20"
    TOO_MANY_CELLS = "F-21"

    XML_BROKEN = "F-25"
    XML_ENTITY = "F-26"
    XML_DEPTH = "F-27"

    MACRO = "F-30"
    MACRO_SHEET = "F-31"
    EMBEDDED_OBJECT = "F-32"
    ACTIVE_CONTROL = "F-33"
    DATA_EXCHANGE = "F-34"
    EXTERNAL_SOURCE = "F-35"
    SCRIPT_LINK = "F-36"
    HIDDEN_SHEET = "F-37"
    CUSTOM_DATA = "F-38"

    PDF_SCRIPT = "F-40"
    PDF_ACTION = "F-41"
    PDF_LAUNCH = "F-42"
    PDF_ATTACHMENT = "F-43"
    PDF_FORM = "F-44"
    PDF_MEDIA = "F-45"
    PDF_BROKEN = "F-46"
    TOO_MANY_PAGES = "F-47"

    IMAGE_BROKEN = "F-50"
    IMAGE_TOO_LARGE = "F-51"

    TOO_LONG = "F-60"
    TOO_MUCH_MEMORY = "F-61"
    UNREADABLE = "F-62"
    BUSY = "F-63"

    @property
    def code(self) -> str:
        """The printed code, such as "F-30"."""
        return self.value

    @property
    def key(self) -> str:
        """The message's key, such as "upload.macro"."""
        return f"upload.{self.name.lower()}"


class Refusal(Exception):
    """A file is refused. `place`: the entry, sheet or page inside it, at most 80 characters, or ""."""

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(reason.code, place)
        self.reason = reason
        self.place = place[:80]


def answers_refusal(inspect: Callable[[BinaryIO], dict[str, Any]]) -> Callable[[BinaryIO], dict[str, Any]]:
    """Turn a refusal into an answer that leaves the sandbox's child: {"refused": code, "place": text}."""

    @wraps(inspect)
    def answer(file: BinaryIO) -> dict[str, Any]:
        try:
            return inspect(file)
        except Refusal as refusal:
            return {"refused": refusal.reason.code, "place": refusal.place}

    return answer

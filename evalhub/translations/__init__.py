"""Words for people: one `.po` per noun and language, merged into the one compiled catalogue that the pages read.

`evalhub/translations/zh_Hans_CN/experts.po` and its neighbours become `zh_Hans_CN/LC_MESSAGES/messages.mo`. Message
ids are English, so a message without an entry in the `en` catalogue is already right.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent


class ContradictingEntries(ValueError):
    """Two nouns translate the same message differently: which one a page shows would be chance."""


def locales(folder: Path = HERE) -> list[str]:
    """The languages that have at least one noun translated, sorted."""
    return sorted({path.parent.name for path in folder.glob("*/*.po")})


def merged(locale: str, folder: Path = HERE) -> Catalog:
    """All nouns of one language as one catalogue.

    Raises:
        ContradictingEntries: a message has two different translations.
    """
    whole = Catalog(locale, charset="utf-8")
    origin: dict[tuple[object, str | None], str] = {}
    for name, message in entries(locale, folder):
        key = (message.id, message.context)
        known = whole.get(message.id, message.context)
        if known is not None and known.string != message.string:
            raise ContradictingEntries(f"{locale}: {message.id!r} differs between {origin[key]} and {name}")
        origin[key] = name
        whole[message.id] = message
    return whole


def entries(locale: str, folder: Path = HERE) -> Iterator[tuple[str, Message]]:
    """Every entry of one language with the file it stands in."""
    for path in sorted((folder / locale).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=locale, abort_invalid=True)
        yield from ((path.name, message) for message in catalogue if message.id)


def compile_all(folder: Path = HERE) -> list[Path]:
    """Write the compiled catalogue of every language; returns their paths."""
    written = []
    for locale in locales(folder):
        target = folder / locale / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, merged(locale, folder))
        written.append(target)
    return written

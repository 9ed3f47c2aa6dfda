"""Reads the XML of one part piece by piece with expat: no entity, no external thing, bounded depth and number."""

from collections.abc import Iterable
from typing import NoReturn, Protocol
from xml.parsers import expat

from evalhub.infra.inspection.reasons import Reason, Refusal

MOST_DEPTH = 256
_NAMESPACE_MARK = "\x01"
_ENCODINGS = {None, "utf-8", "utf-16", "us-ascii"}


class PartReader(Protocol):
    """Takes what stands in a part.

    Names of elements are local names. An attribute without namespace keeps its name, one in a namespace is called
    ":local"; two of one local name are joined, so that neither can hide the other.
    """

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def text(self, text: str) -> None: ...
    def end(self, name: str) -> None: ...


class Ignore:
    """Reads a part only for its soundness."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Nothing to see."""

    def text(self, text: str) -> None:
        """Nothing to see."""

    def end(self, name: str) -> None:
        """Nothing to see."""


def read_part(name: str, pieces: Iterable[bytes], reader: PartReader) -> str:
    """Feed one part to `reader` and return the namespace of its root.

    Raises:
        Refusal: the XML is broken, too deep, or declares a document type or an entity.
    """
    # Expat is a parser of events: without DTD, which is refused at its first letter, it expands and loads nothing.
    parser = expat.ParserCreate(namespace_separator=_NAMESPACE_MARK)
    parser.buffer_text = True
    depth, namespace = 0, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, namespace
        if depth == 0:
            namespace = tag.rpartition(_NAMESPACE_MARK)[0]
        depth += 1
        if depth > MOST_DEPTH:
            raise Refusal(Reason.XML_DEPTH, name)
        reader.start(_local(tag), _short(attributes) if attributes else attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(_local(tag))

    def declared(version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise Refusal(Reason.XML_BROKEN, name)

    def refuse_entity(*_: object) -> NoReturn:
        raise Refusal(Reason.XML_ENTITY, name)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.text
    parser.XmlDeclHandler = declared
    parser.StartDoctypeDeclHandler = refuse_entity
    parser.EntityDeclHandler = refuse_entity
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refusal(Reason.XML_BROKEN, name) from None
    return namespace


def _local(name: str) -> str:
    return name.rpartition(_NAMESPACE_MARK)[2]


def _short(attributes: dict[str, str]) -> dict[str, str]:
    short: dict[str, str] = {}
    for key, value in attributes.items():
        name = ":" + _local(key) if _NAMESPACE_MARK in key else key
        short[name] = f"{short[name]} {value}" if name in short else value
    return short

"""Readers of the parts in which a Word or Excel file can hide something that runs, reaches out or is not shown.

What the codes mean in the formats: ECMA-376 part 1, 17.16.5 (fields), 18.2.19 (sheet state), 18.3.1.40 (formulas).
"""

import re

from evalhub.infra.inspection.links import refuse_unsafe_link
from evalhub.infra.inspection.reasons import Reason, Refusal

MOST_CELLS = 1_000_000
KNOWN_CUSTOM_DATA = (  # what Word, WPS and SharePoint write into every document
    "http://schemas.openxmlformats.org/officeDocument/2006/",
    "http://schemas.microsoft.com/office/",
    "http://schemas.microsoft.com/sharepoint/",
    "http://www.wps.cn/officeDocument/",
)
_FIELDS = {
    "DDE": Reason.DATA_EXCHANGE,
    "DDEAUTO": Reason.DATA_EXCHANGE,
    "LINK": Reason.DATA_EXCHANGE,
    "MACROBUTTON": Reason.MACRO,
    "INCLUDETEXT": Reason.EXTERNAL_SOURCE,
    "INCLUDEPICTURE": Reason.EXTERNAL_SOURCE,
    "INCLUDE": Reason.EXTERNAL_SOURCE,
    "IMPORT": Reason.EXTERNAL_SOURCE,
    "DATABASE": Reason.EXTERNAL_SOURCE,
    "RD": Reason.EXTERNAL_SOURCE,
}
_FIRST_WORD = re.compile(r"\s*\S+\s")
_HYPERLINK_FIELD = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"?([^"\s]*)', re.IGNORECASE)
_EXCHANGE_FORMULA = re.compile(r"""[\w.]+\|['"\w]""")
_MACRO_FORMULA = re.compile(r"\b(CALL|REGISTER(\.ID)?|EXEC|EVALUATE)\s*\(", re.IGNORECASE)
_NETWORK_FORMULA = re.compile(r"\b(WEBSERVICE|RTD|IMAGE)\s*\(|\[[^\]]+\.(xl\w+|csv)\]|^'?(https?:|\\\\)", re.IGNORECASE)
_FORMULA_LINK = re.compile(r'\bHYPERLINK\s*\(\s*"([^"]*)"', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


class _Reader:
    """A reader that knows the part's name for its refusals."""

    def __init__(self, place: str) -> None:
        self.place = place

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Overridden where elements matter."""

    def text(self, text: str) -> None:
        """Overridden where text matters."""

    def end(self, name: str) -> None:
        """Overridden where text matters."""


class Relationships(_Reader):
    """Collects the relations of a part: (type's last word, target, whether external)."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.found: list[tuple[str, str, bool]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Takes a relation."""
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            external = attributes.get("TargetMode", "Internal").lower() == "external"
            self.found.append((kind, attributes.get("Target", ""), external))


class ContentTypes(_Reader):
    """Collects the content type of extensions and of single parts, lower case."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.of_extension: dict[str, str] = {}
        self.of_part: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Takes a default or an override."""
        stated = attributes.get("ContentType", "").lower()
        if name == "Default":
            self.of_extension[attributes.get("Extension", "").lower()] = stated
        elif name == "Override":
            self.of_part[attributes.get("PartName", "").lstrip("/").lower()] = stated

    def of(self, part: str) -> str:
        """The content type of a part, "" when none is stated."""
        default = self.of_extension.get(part.rpartition(".")[2].lower(), "")
        return self.of_part.get(part.lower(), default)


class WordPart(_Reader):
    """Fields that fetch or run; foreign content; notes what a reader would not see."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.notices: set[str] = set()
        self._instructions: list[str] = []
        self._in_instruction = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Looks at fields and hidden or changed text."""
        if name in ("instrText", "delInstrText"):
            self._in_instruction = True
        elif name == "fldSimple":
            self._judge(attributes.get(":instr", attributes.get("instr", "")))
        elif name == "fldChar":
            self._mark(attributes.get(":fldCharType", attributes.get("fldCharType", "")))
        elif name == "altChunk":
            raise Refusal(Reason.EMBEDDED_OBJECT, self.place)
        elif name == "vanish" and attributes.get(":val", "1") not in ("0", "false", "off"):
            self.notices.add("hidden_text")
        elif name in ("ins", "del", "moveFrom"):
            self.notices.add("tracked_changes")

    def text(self, text: str) -> None:
        """Gathers a field's instruction, which may be split over many runs."""
        if self._in_instruction:
            if not self._instructions:
                self._instructions.append("")
            self._instructions[-1] += text

    def end(self, name: str) -> None:
        """Ends a piece of instruction."""
        if name in ("instrText", "delInstrText"):
            self._in_instruction = False
        elif name in ("document", "hdr", "ftr", "footnotes", "endnotes", "comments"):
            for instruction in self._instructions:
                self._judge(instruction)

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            # a field inside the unfinished first word of another can spell a forbidden one; QUOTE is the usual way
            if self._instructions and not _FIRST_WORD.match(self._instructions[-1]):
                raise Refusal(Reason.DATA_EXCHANGE, self.place)
            self._instructions.append("")
        elif self._instructions:
            self._judge(self._instructions[-1])
            self._instructions[-1] = "(result) "
            if kind == "end":
                self._instructions.pop()

    def _judge(self, instruction: str) -> None:
        word = instruction.split(maxsplit=1)[0].upper() if instruction.strip() else ""
        if word in _FIELDS:
            raise Refusal(_FIELDS[word], self.place)
        if word == "HYPERLINK" and (link := _HYPERLINK_FIELD.match(instruction.strip())):
            refuse_unsafe_link(link[1], self.place)


class Workbook(_Reader):
    """Sheets that are not shown, names that start macros, references to other books."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.sheets = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Looks at the list of sheets and names."""
        if name == "sheet":
            self.sheets += 1
            if attributes.get("state", "visible") != "visible":
                raise Refusal(Reason.HIDDEN_SHEET, attributes.get("name", ""))
        elif name == "definedName" and attributes.get("name", "").lower().startswith(("auto_open", "auto_close")):
            raise Refusal(Reason.MACRO_SHEET, self.place)
        elif name == "externalReference":
            raise Refusal(Reason.EXTERNAL_SOURCE, self.place)


class Worksheet(_Reader):
    """Formulas that fetch or run, too many cells; notes hidden rows and columns."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.cells = 0
        self.notices: set[str] = set()
        self._formula: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Counts cells and opens formulas."""
        if name == "c":
            self.cells += 1
            if self.cells > MOST_CELLS:
                raise Refusal(Reason.TOO_MANY_CELLS, self.place)
        elif name in ("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "definedName"):
            self._formula = ""
        elif name in ("row", "col") and attributes.get("hidden") in ("1", "true"):
            self.notices.add("hidden_cells")
        elif name in ("ddeLink", "oleLink"):
            raise Refusal(Reason.DATA_EXCHANGE, self.place)

    def text(self, text: str) -> None:
        """Gathers a formula."""
        if self._formula is not None:
            self._formula += text

    def end(self, name: str) -> None:
        """Judges a formula."""
        if self._formula is None:
            return
        formula, self._formula = self._formula, None
        for link in _FORMULA_LINK.findall(formula):
            refuse_unsafe_link(link, self.place)
        bare = _QUOTED.sub('""', formula)
        if _EXCHANGE_FORMULA.search(bare):
            raise Refusal(Reason.DATA_EXCHANGE, self.place)
        if _MACRO_FORMULA.search(bare):
            raise Refusal(Reason.MACRO_SHEET, self.place)
        if _NETWORK_FORMULA.search(bare):
            raise Refusal(Reason.EXTERNAL_SOURCE, self.place)


class Drawing(_Reader):
    """Scripts in SVG and VML pictures."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Looks for script elements, handlers and links."""
        if name.lower() == "script" or any(key.lower().lstrip(":").startswith("on") for key in attributes):
            raise Refusal(Reason.SCRIPT_LINK, self.place)
        for key in ("href", ":href"):
            if attributes.get(key, "").lower().startswith(("javascript:", "vbscript:", "file:")):
                raise Refusal(Reason.SCRIPT_LINK, self.place)

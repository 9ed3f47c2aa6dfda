"""The two worked frameworks and what is expected of them."""

import json
from pathlib import Path

import evalhub
from evalhub.domain.scoring.framework import Framework
from evalhub.domain.scoring.framework_document import from_document

EXPECTED = json.loads((Path(__file__).parent / "example_trees.json").read_text(encoding="utf-8"))
FRAMEWORKS = Path(evalhub.__file__).parent / "demo" / "frameworks"


def load(name: str) -> Framework:
    return from_document(json.loads((FRAMEWORKS / f"{name}.json").read_text(encoding="utf-8")))

"""`python -m benchmarks [name] [options]`: run one measurement, or list them with the first line of each."""

import ast
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(argv: list[str]) -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    if argv and argv[0] in names:
        return importlib.import_module(f"benchmarks.{argv[0]}").main(argv[1:]) or 0
    if argv:
        print(f"There is no measurement {argv[0]!r}.", file=sys.stderr)
    for name in names:
        print(f"{name:<14} {first_line(HERE / f'{name}.py')}")
    return 2 if argv else 0


def first_line(path: Path) -> str:
    """The first line of a module's docstring, read without importing it."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

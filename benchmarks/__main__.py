"""`python -m benchmarks [name] [options]`: run one measurement, or list them with the first line of each."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent


def main(argv: list[str]) -> int:
    measurements = dict(find_measurements())
    if argv and argv[0] in measurements:
        return importlib.import_module(f"benchmarks.{argv[0]}").main(argv[1:]) or 0
    if argv:
        print(f"There is no measurement {argv[0]!r}.", file=sys.stderr)
    for name, first_line in measurements.items():
        print(f"{name:<14} {first_line}")
    return 2 if argv else 0


def find_measurements() -> Iterator[tuple[str, str]]:
    """Name and first line of each module that has a `main`, read without importing it."""
    for path in sorted(HERE.glob("[!_]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            yield path.stem, (ast.get_docstring(tree) or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One waitress with the application and, under `/bare`, the yardstick: a Flask page and a form on the same settings."""

import sys
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, render_template_string, request
from sqlalchemy import text
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from evalhub.app import create_app
from evalhub.config import read_settings
from evalhub.infra.engine import Database, open_engine

PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><table><tr><th>A</th><th>B</th><th>C</th><th>D</th><th>E</th><th>F</th></tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""
ROWS = 5000


def make_bare(folder: Path) -> Flask:
    """One query of 50 rows and one template; one insert and commit; SQLite opened by the same rules."""
    bare = Flask("bare")
    database = Database(open_engine(f"sqlite:///{folder / 'bare.sqlite'}"))
    with database.write() as session:
        session.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT, e INTEGER)"))
        values = [{"n": number, "a": f"名称{number}"} for number in range(ROWS)]
        session.execute(text("INSERT INTO lines VALUES (:n, :a, 'b' || :n, 'c' || :n, 'd' || :n, :n)"), values)

    @bare.get("/list")
    def page() -> str:
        with database.read() as session:
            rows = session.execute(
                text("SELECT * FROM lines WHERE id > :after ORDER BY id LIMIT 50"), {"after": 100}
            ).all()
        return render_template_string(PAGE, title="bare", rows=rows)

    @bare.post("/save")
    def save() -> dict[str, Any]:
        typed = request.form["a"]
        with database.write() as session:
            session.execute(text("INSERT INTO lines (a, b, c, d, e) VALUES (:a, 'b', 'c', 'd', 1)"), {"a": typed})
        return {"saved": True}

    return bare


def main(port: int) -> None:
    settings = read_settings()
    app = DispatcherMiddleware(create_app(settings), {"/bare": make_bare(settings.instance)})
    waitress.serve(app, host="127.0.0.1", port=port, threads=settings.web_threads, ident=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))

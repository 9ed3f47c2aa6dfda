"""The gallery of components on the real application, with sample values in place of a signed-in person."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, current_app, render_template, request, session

from evalhub.app import create_app
from evalhub.config import read_settings
from evalhub.models.base import Base
from evalhub.translations import compile_all
from evalhub.web.states import STATE_LOOKS
from tests.browser.components.sample_sheet import sample_pdf, sheet_page
from tests.browser.components.sample_words import gallery_values


@dataclass
class Place:
    label: str
    url: str
    icon: str = ""
    current: bool = False
    children: list["Place"] = field(default_factory=list)


def gallery_app(folder: Path) -> Flask:
    """The application with one more address, /gallery/<language>/<size>/<name>, and what the sheet on it asks for."""
    compile_all()
    app = create_app(
        read_settings(
            {
                "EVALHUB_MODE": "test",
                "EVALHUB_INSTANCE": str(folder),
                "EVALHUB_DATABASE_URL": f"sqlite:///{folder / 'gallery.sqlite'}",
                "EVALHUB_BUREAU": "示例高新区财政局",
            }
        )
    )
    with app.app_context():
        Base.metadata.create_all(app.extensions["evalhub"].database.engine)
    app.add_url_rule("/gallery/<language>/<size>/<name>", "gallery", show)
    app.add_url_rule("/gallery-paper", "gallery_paper", lambda: Response(sample_pdf(), mimetype="application/pdf"))
    app.add_url_rule("/gallery-save", "gallery_save", save, methods=["POST"])
    app.extensions["gallery"] = {"saves": [], "answer": 200}
    return app


def show(language: str, size: str, name: str) -> str:
    session["language"] = language
    page: dict[str, Any] = sample(language)
    page["visit"].text_size = size
    if name in ("sheet", "sheet-locked"):
        return render_template("sheets/edit.html", **page, **sheet_page(language, name == "sheet"))
    return render_template("components/gallery.html", **page, **gallery_values(language))


def save() -> Any:
    """The save route of a sheet as its page sees it; the test sets what it answers and reads what came."""
    kept = current_app.extensions["gallery"]
    if kept["answer"] != 200:
        return "", kept["answer"]
    kept["saves"].append(dict(request.form))
    return {"saved_at": "10:43", "idempotency_key": f"key-{len(kept['saves'])}", "version": 6 + len(kept["saves"])}


def sample(language: str) -> dict[str, Any]:
    is_zh = language == "zh"
    actor = SimpleNamespace(
        display_name="王静波" if is_zh else "Wang Jingbo", role_labels=["经办" if is_zh else "Officer"]
    )
    visit = SimpleNamespace(
        actor=actor,
        language=language,
        path=f"/gallery/{language}/standard/gallery",
        text_size="standard",
        csrf_token="sample",
        bureau_name="示例高新区财政局" if is_zh else "Demo Zone Finance Bureau",
        year=2026,
        is_demo=False,
    )
    words = (
        ["工作台", "项目与任务", "专家库", "名册", "入库申请"]
        if is_zh
        else ["Work centre", "Projects", "Experts", "Register", "Applications"]
    )
    navigation = [
        Place(words[0], "#", "home"),
        Place(words[1], "#", "folder"),
        Place(words[2], "#", "users", True, [Place(words[3], "#", "", True), Place(words[4], "#")]),
    ]
    states: dict[str, list[str]] = {}
    for noun, state in STATE_LOOKS:
        states.setdefault(noun, []).append(state)
    return {
        "visit": visit,
        "navigation": navigation,
        "counts": SimpleNamespace(todo=7, messages=3),
        "states": states,
    }

"""The gallery of components on the real application, with sample values in place of a signed-in person."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template, session

from evalhub.app import create_app
from evalhub.config import read_settings
from evalhub.models.base import Base
from evalhub.translations import compile_all
from evalhub.web.states import STATE_LOOKS


@dataclass
class Place:
    label: str
    url: str
    icon: str = ""
    current: bool = False
    children: list["Place"] = field(default_factory=list)


def gallery_app(folder: Path) -> Flask:
    """The application with two more addresses: /gallery/<language>/<size> and /gallery-sheet/<language>."""
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
    app.add_url_rule("/gallery/<language>/<size>/<template>", "gallery", show)
    return app


def show(language: str, size: str, template: str) -> str:
    session["language"] = language
    page: dict[str, Any] = sample(language)
    page["visit"].text_size = size
    return render_template(f"components/{template}.html", **page)


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

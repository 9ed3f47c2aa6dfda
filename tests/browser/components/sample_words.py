"""Words and values that fill the gallery, in both languages."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from evalhub.web.forms.base import Form

PAIRS = json.loads((Path(__file__).parent / "sample_words.json").read_text("utf-8"))


def words(language: str) -> dict[str, Any]:
    is_zh = language == "zh"
    found: dict[str, Any] = {name: zh if is_zh else en for name, (zh, en) in PAIRS.items()}
    found["steps"] = ["计划", "分配", "确认", "评分"] if is_zh else ["Plan", "Seats", "Accept", "Score"]
    return found


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def sample_form(w: dict[str, Any]) -> Form:
    """One field of each kind; the code is two characters short and nothing was chosen as verdict."""

    class SampleForm(Form):
        text = StringField(w["name"], [InputRequired()])
        code = StringField(w["code"], [InputRequired(), Length(18, 18, message=w["code_hint"])])
        day = DateField(w["day"])
        amount = StringField(w["amount"])
        choice = SelectField(w["field"], choices=choices(("finance", w["finance"]), ("works", w["works"])))
        note = TextAreaField(w["reason"])
        agree = BooleanField(w["agree"])
        reply = RadioField(w["reply"], choices=choices(("a", w["agreed"]), ("b", w["disputed"])))
        verdict = RadioField(w["verdict"], choices=choices(("a", w["out"]), ("b", w["stay"])))

    form = SampleForm(
        MultiDict(
            {
                "text": "市审计学会",
                "code": "91370800MA3C5T3K2",
                "day": "2028-03-14",
                "choice": "finance",
                "reply": "a",
                "verdict": "a",
            }
        )
    )
    form.validate()
    return form


def gallery_values(language: str) -> dict[str, Any]:
    w = words(language)
    rows = [("ZJ-0044", "陈*国", 4, True, 0), ("ZJ-0138", "高*敏", 6, False, 1), ("ZJ-0203", "欧阳*", 3, True, 0)]
    return {
        "w": w,
        "form": sample_form(w),
        "digest": "7f3a91c2e05d4b18a2f7663c09de51b4" * 2,
        "neighbours": SimpleNamespace(previous_url="#", next_url="#", position=7, total=9),
        "page": SimpleNamespace(number=2, pages=9, size=20, total=171),
        "rows": [SimpleNamespace(code=c, name=n, load=load, ok=ok, more=more) for c, n, load, ok, more in rows],
        "days": SimpleNamespace(
            late=date(2026, 11, 22), today=date(2026, 11, 23), soon=date(2026, 11, 27), far=date(2027, 1, 2),
            spell_from=date(2020, 2, 1), spell_until=date(2025, 3, 31), window_from=date(2023, 11, 20),
            until=date(2026, 11, 20),
        ),
        "versions": [
            SimpleNamespace(field=w["result"], yours="4.00", stored="3.50", is_changed=True),
            SimpleNamespace(field=w["reason"], yours="88.9%", stored="88.9%", is_changed=False),
        ],
        "files": [SimpleNamespace(name="施工合同补充协议.pdf", size_bytes=1258291, pages=3, url="#", remove_url="#", note="")],
        "log": [
            SimpleNamespace(time="10:20", who="王静波", role="", text=w["out"], tag="R1"),
            SimpleNamespace(time="10:12", who="李思达", role=w["add"], text=w["import"], tag=None),
        ],
    }  # fmt: skip

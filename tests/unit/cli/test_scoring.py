import argparse
import copy
import json
import re
import string
from pathlib import Path

import pytest

from evalhub.cli.scoring import add_parsers
from evalhub.cli.scoring_words import FAULTS, NOTES, STEPS
from tests.unit.scoring.test_exchange import TASK

SOURCES = sorted((Path(__file__).parents[3] / "evalhub/domain").rglob("*.py"))


def aggregate(*arguments) -> int:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["aggregate", *map(str, arguments)])
    return parsed.run(parsed)


def write(path: Path, document) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_aggregate_writes_the_result_of_a_task(tmp_path, capsys):
    output = tmp_path / "result.json"
    assert aggregate(write(tmp_path / "sheets.json", TASK), "-o", output, "--language", "en") == 0
    result = json.loads(output.read_text(encoding="utf-8"))
    assert (result["format"], result["total"], result["grade"]) == ("evalhub.scoring.result/1", 17.0, "good")
    assert '"total": 17.00,' in output.read_text(encoding="utf-8")
    assert result["workings"][0]["text"] == "E1 (experts): 7.50 of 8.00 applicable points x 20.00 / 8.00 = 18.75"
    assert (
        result["workings"][3]["text"]
        == "experts, mean: 34 / 2 = 17.00 from E1 18.75 (x 1), E2 15.25 (x 1); left out: -"
    )
    assert result["workings"][5]["text"] == "experts 17.00 x 0.7 + agency 17.00 x 0.3 = 17.00"
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result.json", "sheets.json"]


def test_aggregate_speaks_chinese_where_the_environment_does(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    output = tmp_path / "result.json"
    assert aggregate(write(tmp_path / "sheets.json", TASK), "-o", output) == 0
    notes = json.loads(output.read_text(encoding="utf-8"))["notes"]
    assert notes[0]["text"] == "experts:评分表 2 份,不足 5 份,改用平均值而不去掉最高最低分"


def test_aggregate_of_a_round_gives_one_result_per_task_and_rater_figures(tmp_path):
    second = copy.deepcopy(TASK) | {"task": "T002"}
    sheets = write(tmp_path / "round.json", {"format": "evalhub.scoring.round/1", "tasks": [TASK, second]})
    output = tmp_path / "result.json"
    assert aggregate(sheets, "-o", output) == 0
    result = json.loads(output.read_text(encoding="utf-8"))
    assert [task["task"] for task in result["tasks"]] == ["T001", "T002"]
    assert result["raters"]["E1"]["sheets"] == 2
    # 18.75 of 20 is 93.75 %; E2 has 76.25, G1 85.00: 93.75 - 80.625 = 13.125, half up
    assert (result["raters"]["E1"]["mean_total"], result["raters"]["E1"]["mean_deviation"]) == (93.75, 13.13)


def test_two_runs_give_equal_bytes(tmp_path):
    sheets = write(tmp_path / "sheets.json", TASK)
    for name in ("one.json", "two.json"):
        aggregate(sheets, "-o", tmp_path / name)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_aggregate_of_bad_input_names_the_path_and_leaves_the_old_result(tmp_path, capsys):
    document = copy.deepcopy(TASK)
    document["sheets"][1]["scores"]["A2"] = 12.01
    output = tmp_path / "result.json"
    output.write_text("before", encoding="utf-8")
    assert aggregate(write(tmp_path / "sheets.json", document), "-o", output, "--language", "en") == 2
    assert output.read_text(encoding="utf-8") == "before"
    printed = capsys.readouterr()
    assert printed.out == ""
    assert (
        printed.err
        == f"{tmp_path / 'sheets.json'}: sheets[1].scores.A2: 12.01 is out of range (least 0.00, most 12.00)\n"
    )


def test_aggregate_of_text_that_is_not_json_names_line_and_column(tmp_path, capsys):
    broken = tmp_path / "sheets.json"
    broken.write_text('{"format": "evalhub.scoring/1",\n "task": }', encoding="utf-8")
    assert aggregate(broken, "-o", tmp_path / "result.json", "--language", "en") == 2
    assert "line 2 column 10: is not JSON here" in capsys.readouterr().err
    assert not (tmp_path / "result.json").exists()


@pytest.mark.parametrize(
    ("sheets", "output"), [("absent.json", "result.json"), ("sheets.json", "no/such/folder/result.json")]
)
def test_aggregate_where_a_file_cannot_be_reached_says_which(tmp_path, capsys, sheets, output):
    write(tmp_path / "sheets.json", TASK)
    assert aggregate(tmp_path / sheets, "-o", tmp_path / output) == 2
    named = output if sheets == "sheets.json" else sheets
    assert capsys.readouterr().err == f"{tmp_path / named}: No such file or directory\n"


def test_every_fault_of_a_scoring_file_has_its_sentences():
    read = {"document.py", "rounding.py", "exchange.py", "framework_check.py", "framework_document.py"}
    text = "".join(
        path.read_text(encoding="utf-8") for path in SOURCES if path.name in read and "allocation" not in path.parts
    )
    codes = set(re.findall(r'(?:fault|InvalidPoints)\(\s*"([a-z_0-9]+)"', text))
    codes |= set(re.findall(r'FaultyDocument\([^"]*"?[^"]*"?, "([a-z_0-9]+)"', text)) | set(
        re.findall(r'_gap\([^,]+, "([a-z_]+)"', text)
    )
    never_from_a_file = {"negative", "not_plain_data", "output_and_benefit_too_small"}
    assert codes - never_from_a_file <= set(FAULTS)
    assert len(codes) > 30


def test_every_note_and_step_has_its_sentences():
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if "scoring" in path.parts)
    assert set(re.findall(r'Note\(\s*"([a-z_]+)"', text)) <= set(NOTES)
    assert {f"agreement_{reason}" for reason in ("one_rater", "too_few_leaves", "no_variation", "undefined")} <= set(
        NOTES
    )
    workings = next(path for path in SOURCES if path.name == "workings.py").read_text(encoding="utf-8")
    assert set(re.findall(r'"code": "([a-z_]+)"', workings)) <= set(STEPS) | set(NOTES)


@pytest.mark.parametrize("table", [FAULTS, NOTES, STEPS])
def test_both_languages_show_the_same_figures(table):
    for english, chinese in table.values():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
        assert fields[0] == fields[1]

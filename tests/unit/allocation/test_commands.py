"""The commands `allocate` and `verify`: exit status, files, and the verifier as a file of its own."""

import copy
import io
import json
import os
import pty
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import evalhub.domain.allocation.verify as verifier
from evalhub.cli.allocation import main, progress_line
from evalhub.domain.allocation import Progress
from tests.allocation_cases import make_instance


@pytest.fixture
def files(tmp_path):
    instance, result = tmp_path / "instance.json", tmp_path / "result.json"
    instance.write_text(json.dumps(make_instance()))
    assert main(["allocate", str(instance), "-o", str(result)]) == 0
    return instance, result


def rewrite(path: Path, **changes) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_allocate_filled_writes_the_stated_result(files):
    result = json.loads(files[1].read_text())
    assert result["assignments"] == [["T1", "E1"], ["T1", "E2"], ["T2", "E2"]]
    assert (result["total"], result["worst"], result["status"]) == (1.65, 0.25, "proven")
    assert len(result["instance_sha256"]) == 64


def test_verify_sound_result_holds(files, capsys):
    assert main(["verify", str(files[0]), str(files[1])]) == 0
    assert capsys.readouterr().out == "every rule holds\n"


def test_verify_result_without_a_bound_says_so(files, capsys):
    rewrite(files[1], bound=None, gap=None, status="solved", certificate={})
    assert main(["verify", str(files[0]), str(files[1])]) == 0
    assert capsys.readouterr().out == "no bound stated\nevery rule holds\n"


def test_verifier_runs_as_one_file_without_the_package(files, tmp_path):
    lone = tmp_path / "lone.py"
    lone.write_bytes(Path(verifier.__file__).read_bytes())
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(lone), *map(str, files)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "every rule holds\n", "")


def test_allocate_short_says_why_in_the_readers_language(tmp_path, monkeypatch):
    document = make_instance()
    document["tasks"][1]["seats"] = 9
    (tmp_path / "i.json").write_text(json.dumps(document))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["allocate", str(tmp_path / "i.json"), "-o", str(tmp_path / "r.json")]) == 3
    (shortfall,) = json.loads((tmp_path / "r.json").read_text())["shortfalls"]
    assert shortfall["empty_seats"] == 6
    assert shortfall["text"] == ["还需 6 名评价人，库内共 3 名；已在本组 3 名", "补充入库 6 名评价人"]
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    main(["allocate", str(tmp_path / "i.json"), "-o", str(tmp_path / "r.json")])
    (shortfall,) = json.loads((tmp_path / "r.json").read_text())["shortfalls"]
    assert shortfall["text"][0] == "6 more evaluators wanted; 3 in the pool; 3 seated here"


def test_allocate_bad_input_is_refused_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "i.json").write_text(json.dumps(make_instance(tasks=[{"id": "T1", "seats": -1}])))
    assert main(["allocate", str(tmp_path / "i.json"), "-o", str(tmp_path / "r.json")]) == 2
    assert "tasks[0].seats: negative" in capsys.readouterr().err
    assert main(["allocate", str(tmp_path / "none.json"), "-o", str(tmp_path / "r.json")]) == 2
    assert not (tmp_path / "r.json").exists()


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_line_shows_round_columns_bound_and_gap_on_a_terminal_only():
    assert progress_line(io.StringIO()) is None
    terminal = Terminal()
    progress_line(terminal)(Progress("relaxation", 3, 1830, 812_000_000, 812_437_500, 0.42))
    line = "\rrelaxation  round 3  1,830 columns  bound 812.437500  best 812.000000  gap 5.39e-04  0.4 s"
    assert terminal.getvalue().rstrip() == line


def test_allocate_interrupted_keeps_the_best_found_as_bounded(tmp_path):
    instance, result = tmp_path / "i.json", tmp_path / "r.json"
    chance = random.Random(1)
    tasks = [f"T{number}" for number in range(300)]
    people = [{"id": f"E{number}", "capacity": 30, "tags": chance.sample("abcdef", 2)} for number in range(60)]
    quotas = [{"tag": tag, "min": 1} for tag in "abc"]
    document = make_instance(
        evaluators=people,
        tasks=[{"id": task, "seats": 5, "quotas": quotas} for task in tasks],
        suitability={
            "pairs": [[task, one["id"], chance.randint(0, 10**6) / 10**6] for task in tasks for one in people],
            "default": 0,
        },
        policy={"objective": "fair"},
    )
    instance.write_text(json.dumps(document))
    ours, theirs = pty.openpty()
    program = "import sys; from evalhub.cli.allocation import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "allocate", str(instance), "-o", str(result)]
    running = subprocess.Popen(command, stderr=theirs)
    os.close(theirs)
    assert b"relaxation" in os.read(ours, 100)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) in (0, 3)
    os.close(ours)
    assert json.loads(result.read_text())["status"] == "bounded"
    assert main(["verify", str(instance), str(result)]) == 0


def test_allocate_time_limit_is_never_reported_as_optimal(tmp_path):
    instance, result = tmp_path / "i.json", tmp_path / "r.json"
    people = [{"id": f"E{number}", "capacity": 9} for number in range(60)]
    tasks = [{"id": f"T{number}", "seats": 2} for number in range(200)]
    document = make_instance(evaluators=people, tasks=tasks, suitability={"pairs": [], "default": 0.5})
    instance.write_text(json.dumps(document))
    assert main(["allocate", str(instance), "-o", str(result), "--time-limit", "0.001"]) in (0, 3, 4)
    if result.exists():
        assert json.loads(result.read_text())["status"] == "bounded"


FAULTS = [
    ({"assignments": [["T1", "E1"], ["T1", "E3"], ["T2", "E2"]]}, "quota: T1 quota 1"),
    ({"assignments": [["T1", "E1"], ["T1", "E2"], ["T2", "E2"], ["T2", "E3"]]}, "seats: T2 has 2"),
    ({"assignments": [["T2", "E2"], ["T1", "E1"], ["T1", "E2"]]}, "assignments: not sorted"),
    ({"assignments": [["T1", "E9"]]}, "assignments: unknown pair"),
    ({"assignments": [["T1", "E1"], ["T1", "E2"]]}, "empty_seats: stated 0"),
    ({"total": 1.650001}, "total: stated 1.650001"),
    ({"worst": 0.250001}, "worst: stated"),
    ({"objective_value": 2}, "objective_value: stated 2"),
    ({"short": True}, "short: stated True"),
    ({"empty_seats_bound": 1}, "empty_seats_bound"),
    ({"status": "best"}, "status: best"),
    ({"bound": 1.7}, "bound: stated 1.7, the certificate proves 1.65"),
    ({"certificate": {}}, "bound: stated 1.65, the certificate proves None"),
    ({"certificate": {"total": {}}}, "certificate: unknown part total"),
    ({"gap": 0.1}, "gap: stated 0.1, the bound gives 0.0"),
    ({"worst_bound": 0.5}, "worst_bound: stated 0.5, the certificate proves None"),
    ({"instance_sha256": "00"}, "instance_sha256: stated 00"),
    ({"shortfalls": [{"task": "T1", "empty_seats": 1, "because": [], "remedies": []}]}, "shortfalls: task T1"),
]


@pytest.mark.parametrize(("changes", "line"), FAULTS, ids=[line for _, line in FAULTS])
def test_verify_changed_result_names_the_fault(files, changes, line, capsys):
    rewrite(files[1], **changes)
    assert main(["verify", str(files[0]), str(files[1])]) == 1
    assert line in capsys.readouterr().out


@pytest.mark.parametrize(
    "change", [{"format": "x"}, {"extra": 1}, {"assignments": [["T1"]]}, {"shortfalls": 3}, {"assignments": None}]
)
def test_verify_result_not_of_the_format_is_bad_input(files, change):
    rewrite(files[1], **change)
    assert main(["verify", str(files[0]), str(files[1])]) == 2


def test_verify_broken_rules_of_the_instance_are_each_named(files, capsys):
    instance, result = files
    document = copy.deepcopy(make_instance())
    document["conflicts"] = [["T1", "E1", "R1"]]
    document["apart"] = [["E1", "E2", "R12"]]
    document["limits"] = [{"evaluators": ["E2"], "tasks": ["T1", "T2"], "max": 1}]
    document["fixed"] = [["T2", "E3"]]
    document["evaluators"][1]["capacity"] = 1
    instance.write_text(json.dumps(document))
    assert main(["verify", str(instance), str(result)]) == 1
    kinds = {line.split(":")[0] for line in capsys.readouterr().out.splitlines()}
    assert kinds >= {"instance_sha256", "conflict", "apart", "limits[0]", "fixed", "capacity"}


def test_matrix_instance_is_allocated_and_verified_from_the_file(tmp_path):
    chance = np.random.default_rng(2)
    np.savez(tmp_path / "scores.npz", scores=chance.random((6, 5), dtype=np.float32))
    document = make_instance(
        evaluators=[{"id": f"E{number}", "capacity": 3} for number in range(5)],
        tasks=[{"id": f"T{number}", "seats": 2} for number in range(6)],
        suitability={"matrix": "scores.npz", "array": "scores"},
    )
    instance, result = tmp_path / "i.json", tmp_path / "r.json"
    instance.write_text(json.dumps(document))
    assert main(["allocate", str(instance), "-o", str(result)]) == 0
    assert len(json.loads(result.read_text())["array_sha256"]) == 64
    assert main(["verify", str(instance), str(result)]) == 0
    np.savez(tmp_path / "scores.npz", scores=chance.random((6, 5), dtype=np.float32))
    assert main(["verify", str(instance), str(result)]) == 1

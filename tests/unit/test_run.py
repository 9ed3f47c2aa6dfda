"""The start script: what it passes on, when it repeats a step, what it asks of the person."""

from pathlib import Path

import pytest

import run


@pytest.fixture
def stamps(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "STAMPS", tmp_path / "stamps")
    return tmp_path


def test_test_command_passes_foreign_options_through():
    command, options = run.parse(["test", "-k", "draw", "--maxfail=1", "tests/unit"])

    assert command.name == "test"
    assert options == ["-k", "draw", "--maxfail=1", "tests/unit"]


def test_demo_command_refuses_unknown_options(capsys):
    with pytest.raises(SystemExit, match="2"):
        run.parse(["demo", "--prot", "8001"])

    assert "unknown options: --prot 8001" in capsys.readouterr().err


def test_step_is_repeated_only_when_a_source_or_the_product_changed(stamps):
    source, product = stamps / "lock.txt", stamps / "product"
    source.write_text("one")
    made = []

    def make() -> None:
        product.write_text("made")
        made.append(source.read_text())

    run.step("some step", [source], make, product)
    run.step("some step", [source], make, product)
    source.write_text("two")
    run.step("some step", [source], make, product)
    product.unlink()
    run.step("some step", [source], make, product)

    assert made == ["one", "two", "two"]


def test_step_that_failed_is_not_stamped(stamps):
    def fail() -> None:
        raise run.Stop("no network")

    with pytest.raises(run.Stop):
        run.step("packages", ["lock"], fail)

    assert not (stamps / "stamps").exists()


def test_digest_tells_contents_apart_that_join_to_the_same_text(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("12")
    second.write_text("3")
    before = run.digest([first, second])
    first.write_text("1")
    second.write_text("23")

    assert run.digest([first, second]) != before


def test_sources_leave_out_installed_packages_and_bundles(tmp_path):
    for name in ("src/app.js", "node_modules/x/index.js", "dist/app.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    assert run.sources_below(tmp_path) == [tmp_path / "src" / "app.js"]


def test_ordinary_user_is_told_the_exact_line(monkeypatch):
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run, "missing_system_packages", lambda with_tests: ["python3-venv", "chromium"])

    with pytest.raises(run.Stop) as stopped:
        run.require_system_packages(with_tests=True)

    assert str(stopped.value).splitlines()[-1] == "sudo apt-get install -y python3-venv chromium"


@pytest.mark.parametrize("variable", ["PIP_NO_INDEX", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"])
def test_pip_is_used_where_a_site_has_set_its_mirror(variable, monkeypatch):
    monkeypatch.setenv(variable, "1")

    assert run.installer()[:3] == (run.python(), "-m", "pip")


def test_taken_port_is_refused_before_anything_is_built():
    with run.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(run.Stop, match=f"Port {port} is taken"):
            run.refuse_taken_port(port)


def test_start_script_stays_short_enough_to_read():
    assert len(Path(run.__file__).read_text(encoding="utf-8").splitlines()) < 350

"""benchmarks/run.py on tiny layers: that it runs, checks, and reports."""

import json
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

benchmarks = pathlib.Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def harness(monkeypatch):
    monkeypatch.syspath_prepend(str(benchmarks))
    from harness import problem, report, suite

    return problem, report, suite


def run(*arguments):
    return subprocess.run([sys.executable, str(benchmarks / "run.py"), *arguments],
                          capture_output=True, text=True, timeout=300)


def test_smoke(tmp_path):
    out = tmp_path / "results.json"
    result = run("--suite", "smoke", "--peers", "glu,glu_unpacked,numpy",
                 "--rounds", "1", "--seconds", "0.01", "--out", str(out))
    assert result.returncode == 0, result.stdout + result.stderr
    results = json.loads(out.read_text())
    assert len(results["cells"]) == 4
    for cell in results["cells"]:
        for name, seen in cell["peers"].items():
            assert seen["right"] and seen["median_s"] > 0, (cell["label"], name)
    assert results["peaks"]["1"]["gflops"] > 0
    assert results["peaks"]["1"]["gbytes_per_s"] > 0
    assert "| 1 | tiny 24x40 M=5 f32 |" in result.stdout


def test_overhead():
    script = benchmarks.parent / "python" / "benchmarks" / "overhead.py"
    result = subprocess.run([sys.executable, str(script)], capture_output=True,
                            text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    lines = dict(re.fullmatch(r"(.{24}) +([0-9.]+ (?:ms|us))", line).groups()
                 for line in result.stdout.splitlines())
    assert list(lines)[0].rstrip() == "import glu" and len(lines) >= 7


@pytest.mark.parametrize("arguments, message", [
    (["--suite", "none"], "no suite none; there are"),
    (["--peers", "none"], "no peer none; there are"),
    (["--suite", "smoke", "--filter", "M=99"], "no cell of smoke matches"),
])
def test_bad_use(arguments, message):
    result = run(*arguments)
    assert result.returncode == 1 and message in result.stderr


def test_every_suite_loads(harness):
    _, _, suite = harness
    for name in suite.names():
        description, cells = suite.load(name)
        assert description and cells
        assert len({(t, p.label) for t, p in cells}) == len(cells), name


@pytest.mark.parametrize("kind", ["gated", "ffn"])
def test_check_sees_errors(harness, kind):
    problem, report, _ = harness
    layer = problem.Problem("tiny", 4, 8, 6, kind=kind, gate="relu", bias=True)
    data = layer.data()
    y = (np.maximum(data.x @ data.w_gate.T + data.bias_gate, 0)
         * (data.x @ data.w_value.T + data.bias_value))
    if kind == "ffn":
        y = y @ data.w_down.T
    assert data.check(y) < problem.tolerance("f32")
    y[2, 3] += 1e-2 * np.abs(y).max()
    assert data.check(y) > problem.tolerance("f32")
    y[2, 3] = np.nan
    assert not data.check(y) <= problem.tolerance("f32")
    with pytest.raises(ValueError, match="expected"):
        data.check(y[:-1])


def test_wrong_results_do_not_count(harness):
    _, report, _ = harness
    cell = {"label": "a", "peers": {
        "glu": {"right": True, "gflops": 2.0},
        "numpy": {"right": False, "gflops": 9.0, "error_ratio": 1.0},
        "torch": {"right": True, "gflops": 1.0}}}
    assert report.best_peer(cell) == ("torch", 1.0)
    assert report.wrong({"cells": [cell]}) == [("a", "numpy", 1.0)]


def test_compiled_stands_for_glu(harness):
    _, report, _ = harness
    results = {"versions": {"glu_compiled": "1", "torch": "2"},
               "cells": [{"peers": {"torch": {}, "glu_compiled": {}}}]}
    named = report.named(results)
    assert list(named["versions"]) == ["glu", "torch"]
    assert list(named["cells"][0]["peers"]) == ["torch", "glu"]
    both = {"versions": {"glu": "1", "glu_compiled": "1"}, "cells": []}
    assert report.named(both) is both

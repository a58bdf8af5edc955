"""Checks the JSON object of a benchmark of reglu.mlir with 16 rows."""

import json
import sys

d = json.load(open(sys.argv[1]))
assert d["flops"] == 2 * 2 * 16 * 8 * 5, d
assert d["bytes"] == 4 * (16 * 8 + 2 * 8 * 5 + 16 * 5), d
assert 0 < d["min_s"] <= d["median_s"] < 1, d
assert d["runs"] >= 5, d
assert abs(d["gflops"] * d["median_s"] * 1e9 / d["flops"] - 1) < 1e-6, d
assert abs(d["gbytes_per_s"] * d["median_s"] * 1e9 / d["bytes"] - 1) < 1e-6, d
assert 1 < d["peak_gflops"] < 1e5 and d["gflops"] < d["peak_gflops"], d
assert d["threads"] == 1 and d["target"] == "host" and d["entry"] == "reglu", d
assert d["right"] is True and d["verify"][0]["right"] is True, d
assert 0 <= d["error"] <= d["verify"][0]["tolerance"] == 1e-5, d

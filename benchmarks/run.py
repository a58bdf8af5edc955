#!/usr/bin/env python3
"""Measures glu beside the libraries people use.

    python benchmarks/run.py [--suite NAME] [--peers glu,torch,...]
        [--filter TEXT] [--out results.json] [--plots FOLDER]

Each peer runs in a process of its own, pinned to as many cores as it has
threads, stopped while others are measured. Per cell every peer prepares
(packs, compiles) and is checked against float64; then rounds go over all peers
in turn, and the median over the rounds of the medians in them counts. The
chip's FMA peak and read bandwidth are measured in the same rounds.

Peers may live in environments of their own:

    --python torch=/path/to/venv/bin/python --python openvino=...
"""

import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness import client, machine, report, suite  # noqa: E402


def parse(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0],
        epilog=f"suites: {', '.join(suite.names())}; "
               f"peers: {', '.join(client.names())}")
    parser.add_argument("--suite", default="first")
    parser.add_argument("--peers", help="comma-separated; all by default")
    parser.add_argument("--filter", default="",
                        help="only cells whose label has this text, e.g. 'M=1 f32'")
    parser.add_argument("--threads", type=int, help="only cells of that many threads")
    parser.add_argument("--out", type=pathlib.Path, help="write results as JSON")
    parser.add_argument("--plots", type=pathlib.Path, help="write PNG plots there")
    parser.add_argument("--show", type=pathlib.Path, metavar="RESULTS",
                        help="measure nothing: report (and plot) this file")
    parser.add_argument("--python", action="append", default=[],
                        metavar="PEER=PATH", help="that peer's interpreter")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.15,
                        help="of measuring, per peer and round")
    parser.add_argument("--timeout", type=float, default=600,
                        help="seconds a peer may take to prepare")
    parser.add_argument("--note", default="", help="kept in the results: what "
                        "else ran on the machine, for example")
    parser.add_argument("--before", metavar="COMMAND",
                        help="run before a cell's rounds, to quieten the machine")
    parser.add_argument("--after", metavar="COMMAND", help="run after them")
    return parser.parse_args(arguments)


def measure_cell(workers, threads, problem, peaks, options):
    """{"peers": {name: what was seen}, ...}; peers that fail say why."""
    seen = {}
    for worker in workers:
        if not worker.alive:
            seen[worker.name] = {"error": "its process had ended"}
            continue
        print(f"  preparing {worker.name}", end="\033[K\r", file=sys.stderr)
        seen[worker.name] = worker.prepare(problem)
    running = [w for w in workers if "right" in seen[w.name]]
    rounds = {worker.name: [] for worker in running}
    if options.before:
        subprocess.run(options.before, shell=True, check=True)
    try:
        for turn in range(options.rounds):
            print(f"  round {turn + 1} of {options.rounds}", end="\033[K\r",
                  file=sys.stderr)
            peaks.measure(threads)
            # Each round begins with another peer.
            shift = turn % max(1, len(running))
            for worker in running[shift:] + running[:shift]:
                if not rounds[worker.name] and turn:
                    continue
                answer = worker.ask(seconds=options.seconds)
                if "median_s" in answer:
                    rounds[worker.name].append(answer)
                else:
                    rounds[worker.name] = []
                    seen[worker.name] = answer
    finally:
        if options.after:
            subprocess.run(options.after, shell=True, check=True)
    for name, answers in rounds.items():
        if answers:
            seen[name]["median_s"] = statistics.median(a["median_s"] for a in answers)
            seen[name]["min_s"] = min(a["min_s"] for a in answers)
            seen[name]["gflops"] = problem.flops / seen[name]["median_s"] * 1e-9
    return {"label": problem.label, "threads": threads, "flops": problem.flops,
            "weight_bytes": problem.weight_bytes,
            "problem": vars(problem), "peers": seen}


def main(arguments=None):
    options = parse(arguments)
    if options.show:
        return finish(json.loads(options.show.read_text()), options)
    pythons = dict(item.split("=", 1) for item in options.python)
    names = options.peers.split(",") if options.peers else client.names()
    unknown = (set(names) | set(pythons)) - set(client.names())
    if unknown:
        raise SystemExit(f"run.py: no peer {', '.join(sorted(unknown))}; there are "
                         + ", ".join(client.names()))
    description, cells = suite.load(options.suite)
    cells = [(threads, problem) for threads, problem in cells
             if all(word in problem.label.split() or options.filter in problem.label
                    for word in options.filter.split())
             and options.threads in (None, threads)]
    if not cells:
        raise SystemExit(f"run.py: no cell of {options.suite} matches")
    peaks = machine.Peaks()
    results = {"suite": options.suite, "description": description,
               "machine": machine.describe(), "note": options.note,
               "date": datetime.datetime.now(datetime.timezone.utc)
               .isoformat(timespec="seconds"),
               "rounds": options.rounds, "versions": {}, "skipped": {},
               "peaks": peaks.best, "cells": []}
    workers, current = [], None
    try:
        for index, (threads, problem) in enumerate(cells):
            if threads != current:
                for worker in workers:
                    worker.close()
                workers = start(names, threads, pythons, options, results)
                current = threads
            print(f"[{index + 1}/{len(cells)}] {problem.label}, {threads} "
                  f"thread{'s' * (threads > 1)}\033[K", file=sys.stderr)
            cell = measure_cell(workers, threads, problem, peaks, options)
            results["cells"].append(cell)
            print("  " + report.line(cell) + "\033[K", file=sys.stderr)
            if options.out:  # what is done is kept if the rest is cut short
                options.out.write_text(json.dumps(results, indent=1) + "\n")
    finally:
        for worker in workers:
            worker.close()
    return finish(results, options)


def finish(results, options):
    results = report.named(results)
    print(report.text(results))
    if options.plots:
        from harness import plots

        plots.write(results, options.plots)
    return 1 if report.wrong(results) else 0


def start(names, threads, pythons, options, results):
    workers = []
    for name in names:
        print(f"  starting {name}", end="\033[K\r", file=sys.stderr)
        worker = client.Worker(name, threads, pythons.get(name, sys.executable),
                               options.timeout)
        if worker.skipped:
            results["skipped"][name] = worker.skipped
            print(f"skipped {name}: {worker.skipped}\033[K", file=sys.stderr)
            worker.close()
        else:
            results["versions"][name] = worker.version
            workers.append(worker)
    return workers


if __name__ == "__main__":
    sys.exit(main())

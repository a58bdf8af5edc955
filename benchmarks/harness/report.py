"""Results as text: a table of speeds, and where glu is behind."""

import math

# Our own; all others are peers.
ours = ("glu", "glu_compiled", "glu_unpacked")


def named(results):
    """`results`, with "glu_compiled" called "glu" where only that was measured."""
    if "glu" in results["versions"] or "glu_compiled" not in results["versions"]:
        return results

    def rename(peers):
        return {"glu" if name == "glu_compiled" else name: seen
                for name, seen in peers.items()}
    return {**results, "versions": rename(results["versions"]),
            "cells": [{**cell, "peers": rename(cell["peers"])}
                      for cell in results["cells"]]}


def wrong(results):
    """[(label, peer, error)] of results that are not the reference's."""
    return [(cell["label"], name, seen["error_ratio"])
            for cell in results["cells"] for name, seen in cell["peers"].items()
            if seen.get("right") is False]


def speeds(cell):
    """{peer: GFLOP/s} of those that computed the right thing."""
    return {name: seen["gflops"] for name, seen in cell["peers"].items()
            if seen.get("right") and "gflops" in seen}


def best_peer(cell):
    """(name, GFLOP/s), or None."""
    others = [(speed, name) for name, speed in speeds(cell).items()
              if name not in ours]
    return max(others)[::-1] if others else None


def roof(results, cell):
    """GFLOP/s that the measured peaks allow: f32 FMAs, weights read once.

    Weights that fit in a cache may be read faster than this bandwidth, so it is
    a bound for weights larger than the caches only.
    """
    peak = results["peaks"].get(cell["threads"],
                                results["peaks"].get(str(cell["threads"])))
    return min(peak["gflops"],
               cell["flops"] / cell["weight_bytes"] * peak["gbytes_per_s"])


def disturbed(cell, *names):
    """Whether a median is far from the best call: then a ratio says little."""
    return any(cell["peers"][name]["median_s"] > 1.3 * cell["peers"][name]["min_s"]
               for name in names)


def line(cell):
    parts = []
    for name, seen in cell["peers"].items():
        if seen.get("right") is False:
            parts.append(f"{name} WRONG ({seen['error_ratio']:.1e})")
        elif "gflops" in seen:
            parts.append(f"{name} {seen['gflops']:.1f}")
        else:
            parts.append(f"{name} -")
    return "GFLOP/s: " + ", ".join(parts)


def text(results):
    """The whole report; tables are Markdown."""
    chip = results["machine"]
    peers = [name for name in results["versions"]]
    lines = [f"# {results['suite']}: {results['description']}", "",
             f"{chip['chip']} ({chip['model_name']}, family {chip['family']} model "
             f"{chip['model']}; {', '.join(chip['flags'])}), {chip['cpus']} CPUs, "
             f"{results['date']}."]
    if results["note"]:
        lines.append(results["note"])
    for threads, peak in results["peaks"].items():
        lines.append(f"Measured in this run, {threads} thread(s): FMA peak "
                     f"{peak['gflops']:.0f} GFLOP/s (f32), reads "
                     f"{peak['gbytes_per_s']:.1f} GB/s.")
    lines += ["", "GFLOP/s, medians:", "",
              "| threads | layer | " + " | ".join(peers) + " | glu / best peer |",
              "|---|---|" + "---|" * (len(peers) + 1)]
    ratios = []
    for cell in results["cells"]:
        seen, best = speeds(cell), best_peer(cell)
        ratio = ""
        if best and "glu" in seen:
            ratios.append((seen["glu"] / best[1], cell, best))
            mark = "~" if disturbed(cell, "glu", best[0]) else ""
            ratio = f"{mark}{ratios[-1][0]:.2f} ({best[0]})"
        numbers = " | ".join(f"{seen[name]:.1f}" if name in seen else "-"
                             for name in peers)
        lines.append(f"| {cell['threads']} | {cell['label']} | {numbers} | {ratio} |")
    if any(disturbed(cell, "glu", best[0]) for _, cell, best in ratios):
        lines += ["", "~: disturbed, a median is over 1.3 times the best call."]
    if ratios:
        mean = math.exp(sum(math.log(r) for r, _, _ in ratios) / len(ratios))
        behind = sorted((entry for entry in ratios if entry[0] < 1),
                        key=lambda entry: entry[0])
        lines += ["", f"Geometric mean of glu / best peer: {mean:.2f}. glu is behind "
                  f"in {len(behind)} of {len(ratios)} cells."]
        if behind:
            lines += ["", "| threads | layer | glu | best peer | glu / best peer |"
                      " glu / roof |", "|---|---|---|---|---|---|"]
        for ratio, cell, (name, speed) in behind:
            mine = speeds(cell)["glu"]
            lines.append(f"| {cell['threads']} | {cell['label']} | {mine:.1f} | "
                         f"{speed:.1f} {name} | "
                         f"{'~' * disturbed(cell, 'glu', name)}{ratio:.2f} | "
                         f"{mine / roof(results, cell):.2f} |")
    for label, name, error in wrong(results):
        lines.append(f"WRONG: {name}, {label}: error {error:.1e}")
    lines += ["", "Versions: " + "; ".join(f"{name}: {version}" for name, version
                                           in results["versions"].items())]
    for name, reason in results["skipped"].items():
        lines.append(f"Skipped {name}: {reason}")
    lines += reasons(results)
    return "\n".join(lines)


def reasons(results):
    """Why single cells have no number, each reason once."""
    seen = {}
    for cell in results["cells"]:
        for name, answer in cell["peers"].items():
            why = answer.get("unsupported") or answer.get("error")
            if why:
                seen.setdefault((name, why), []).append(cell["label"])
    return [f"No number of {name} ({len(labels)} cells, {labels[0]} ...): {why}"
            for (name, why), labels in seen.items()]

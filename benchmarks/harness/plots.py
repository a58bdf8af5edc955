"""Results as PNG plots: bars per shape, and a roofline."""

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

from harness import report  # noqa: E402

_colours = dict(zip(("glu", "glu_unpacked", "numpy", "torch", "torch_compile",
                     "onnxruntime", "openvino", "jax", "onednn", "iree", "zentorch"),
                    ("#c0392b", "#e6a59d", "#7f8c8d", "#e67e22", "#f1c40f", "#2980b9",
                     "#16a085", "#8e44ad", "#2c3e50", "#95a5a6", "#d35400")))


def write(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for threads in sorted({cell["threads"] for cell in results["cells"]}):
        cells = [c for c in results["cells"] if c["threads"] == threads]
        name = f"{results['suite']}-{threads}t"
        _bars(results, cells, threads, folder / f"{name}-bars.png")
        _roofline(results, cells, threads, folder / f"{name}-roofline.png")


def _title(results, threads):
    return (f"{results['suite']}, {results['machine']['chip']}, {threads} "
            f"thread{'s' * (threads > 1)}, {results['date'][:10]}")


def _bars(results, cells, threads, path):
    """A panel per layer and dtype, a group of bars per M."""
    groups = {}
    for cell in cells:
        p = cell["problem"]
        key = cell["label"].replace(f" M={p['m']}", "")
        groups.setdefault(key, []).append(cell)
    peers = list(results["versions"])
    columns = min(3, len(groups))
    rows = -(-len(groups) // columns)
    figure, axes = pyplot.subplots(rows, columns, squeeze=False,
                                   figsize=(5.5 * columns, 3.2 * rows + 0.6))
    width = 0.85 / len(peers)
    for axis in axes.flat[len(groups):]:
        axis.set_visible(False)
    for axis, (label, group) in zip(axes.flat, groups.items()):
        for index, peer in enumerate(peers):
            heights = [report.speeds(cell).get(peer, 0) for cell in group]
            axis.bar([i + (index - (len(peers) - 1) / 2) * width
                      for i in range(len(group))], heights, width, label=peer,
                     color=_colours.get(peer))
        peak = results["peaks"].get(threads) or results["peaks"][str(threads)]
        axis.axhline(peak["gflops"], color="black", linewidth=0.8, linestyle="--")
        axis.set_xticks(range(len(group)),
                        [f"M={cell['problem']['m']}" for cell in group])
        axis.set_title(label, fontsize=10)
        axis.set_ylabel("GFLOP/s")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.suptitle(_title(results, threads) + "; dashed: measured f32 FMA peak",
                    fontsize=11)
    figure.legend(handles, labels, loc="lower center", ncols=min(len(peers), 6),
                  fontsize=8)
    figure.tight_layout(rect=(0, 0.06 if rows > 1 else 0.12, 1, 1))
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


def _roofline(results, cells, threads, path):
    """Speed over arithmetic intensity, weights read once: glu and best peer."""
    peak = results["peaks"].get(threads) or results["peaks"][str(threads)]
    figure, axis = pyplot.subplots(figsize=(6.5, 4.5))
    intensity = [cell["flops"] / cell["weight_bytes"] for cell in cells]
    ends = sorted((min(intensity) / 2, max(intensity) * 2,
                   peak["gflops"] / peak["gbytes_per_s"]))
    axis.plot(ends, [min(peak["gflops"], x * peak["gbytes_per_s"]) for x in ends],
              color="black", linewidth=1, label="measured roof")
    for name, marker, speed in (
            ("best peer", "o", lambda c: (report.best_peer(c) or (0, None))[1]),
            ("glu", "x", lambda c: report.speeds(c).get("glu"))):
        points = [(x, speed(c)) for x, c in zip(intensity, cells) if speed(c)]
        if points:
            axis.scatter(*zip(*points), marker=marker, label=name,
                         color=_colours["glu" if name == "glu" else "onnxruntime"])
    axis.set(xscale="log", yscale="log", xlabel="FLOP per byte of weights",
             ylabel="GFLOP/s", title=_title(results, threads))
    axis.title.set_fontsize(10)
    axis.legend(fontsize=8)
    axis.grid(True, which="both", linewidth=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=100)
    pyplot.close(figure)

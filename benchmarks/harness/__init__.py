"""The driver's parts: problems, workers, the machine, reports, plots."""

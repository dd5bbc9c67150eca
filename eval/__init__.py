"""Gold cases, metrics, runs, reports, comparison and benchmarks."""

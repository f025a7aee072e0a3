"""Traffic for benchmarks and tests: a service, honest clients, a hostile crowd, and a sidecar that is watched."""

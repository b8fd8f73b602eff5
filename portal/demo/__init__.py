"""Everything that a running Sluice consists of, on one machine: for `make demo`, and for the tests that need the whole.

It starts a broker, a local AWS, the seed, the web server, a worker and beat as processes of their own, in the order in
which they need each other, watches them, and ends them all. The local AWS is only ever a process here, never an import.
"""

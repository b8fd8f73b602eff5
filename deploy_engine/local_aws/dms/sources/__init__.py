"""Where rows come from: the source databases of replication tasks.

`finding.py` says which source a task has. A PostgreSQL that the endpoint's secret leads to is really read
(`postgres/`); every other source is an invention (`synthetic.py`), and what is written from it says so.
"""

"""The engine of Sluice: config language, checks, rendering, plans and deployments as pure Python.

It is usable without Django, a database or a broker: the portal is one caller, ``python -m deploy_engine`` another.
Layers, each importing only those after it: cli, adapters, execution, planning, checks and rendering, diffing,
config and live, findings and errors. Only ``adapters``, ``cli`` and ``local_aws`` talk to the outside world.
"""

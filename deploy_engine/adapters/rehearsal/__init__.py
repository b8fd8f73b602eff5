"""Rehearsals: a change carried out in a local AWS of its own, which ends with it (docs/rehearsals.md).

The local AWS is another program, spoken to over HTTP like AWS itself; nothing of it is imported here.
"""

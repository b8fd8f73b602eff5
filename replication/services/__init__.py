"""Writing: every act of the domain, keyword-only, in one transaction, with its audit event.

Services raise refusals (`replication.errors`) before their first write. They enqueue work by task name after the
commit.
"""

"""A real PostgreSQL as a source: loads by COPY of a SELECT, changes from a logical slot through SQL functions.

**Why a copy rebuilt from the files is exact.** The task's slot is created before its first load, so no change is ever
before the slot and after the load. Each load reads one snapshot of its table, and remembers which transactions that
snapshot sees. Changes of a table that is not loaded yet are kept, as DMS caches them; when the load has ended, those
of transactions that its snapshot saw are dropped and the others written. No change appears twice, none is lost.

**Why a crash changes nothing.** Changes are only peeked at. The position that the files reach to is part of the local
AWS's state, and what lies before it is skipped; the slot advances only to what a saved state holds.

Modules: `address` and `connections` (how to get there), `catalogue` (which tables there are), `decoding` (the text
that the plugin prints), `slot` (peek and advance), `visibility` (what a snapshot sees), `layout` (changes as rows),
`loading` (a table's rows), and `source`, which is what a task meets.
"""

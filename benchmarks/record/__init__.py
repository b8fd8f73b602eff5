"""The record with a million rows: what each page of history costs, taking it out, and proving it."""

"""What a page shows, as the rows of a file: one module for each subject, with its `Row` and the `rows` that fill it.

A row says what the page says, whole: every page of it, and everything that a page folds away. Rows are read in pieces
while they are sent, so that memory stays the same however many there are.
"""

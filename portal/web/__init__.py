"""Pages, one package per feature. They do not import each other; links are made by URL name."""

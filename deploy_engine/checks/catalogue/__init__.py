"""The checks, one file each; ``registry.py`` lists them in the order in which people read them."""

"""Reading: what pages, services and the API ask. Nothing here writes."""

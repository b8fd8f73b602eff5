"""Plain contexts for the components of `templates/components/`, made from values of the domain and the engine."""

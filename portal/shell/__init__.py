"""What stands around every page: navigation, the chosen environment, glossary, error pages."""

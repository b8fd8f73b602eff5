"""The portal as a Django app: what it adds to `manage.py check`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the portal's own checks."""

    name = "portal"

    def ready(self) -> None:
        """Registering is what the import does."""
        import portal.addresses  # noqa: F401, PLC0415 - once the apps are there

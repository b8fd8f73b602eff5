"""The portal as a Django app: what it adds to `manage.py check`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the portal's own checks, and who hears of sign-ins."""

    name = "portal"

    def ready(self) -> None:
        """Registering is what the imports do."""
        import portal.addresses  # noqa: PLC0415 - once the apps are there
        import portal.middleware.proof_of_person  # noqa: F401, PLC0415 - hears of sign-ins from the first on

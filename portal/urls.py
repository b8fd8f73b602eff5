"""Every page's address. Feature packages bring their own; links are made by name only."""

from django.urls import URLPattern, URLResolver, path

from portal.health.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
]

"""Every page's address. Feature packages bring their own; links are made by name only."""

from django.urls import URLPattern, URLResolver, include, path

from portal.health.views import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.web.home.urls")),
    path("account/", include("portal.web.accounts.urls")),
    path("teams/", include("portal.web.teams.urls")),
    path("tables/", include("portal.web.tables.urls")),
    path("catalogue/", include("portal.web.catalogue.urls")),
    path("changes/", include("portal.web.changes.urls")),
    path("deployments/", include("portal.web.deployments.urls")),
    path("environments/", include("portal.web.environments.urls")),
    path("people/", include("portal.web.people.urls")),
    path("notices/", include("portal.web.notices.urls")),
    path("policy/", include("portal.web.policy.urls")),
    path("settings/", include("portal.web.settings.urls")),
    path("history/", include("portal.web.history.urls")),
    path("health/", health, name="health"),
]

handler400 = "portal.shell.error_pages.bad_request"
handler403 = "portal.shell.error_pages.forbidden"
handler404 = "portal.shell.error_pages.not_found"
handler500 = "portal.shell.error_pages.server_error"

"""Addresses of deployments."""

from django.urls import path

from portal.web.deployments import incidents, list_views, views

app_name = "deployments"

urlpatterns = [
    path("", list_views.deployment_list, name="list"),
    path("<int:key>/", views.detail, name="detail"),
    path("<int:key>/live/", views.live, name="live"),
    path("<int:key>/retry/", views.retry, name="retry"),
    path("<int:key>/cancel/", views.cancel, name="cancel"),
    path("<int:key>/continue-rollback/", views.continue_rollback, name="continue-rollback"),
    path("<int:key>/new-version/", views.new_version, name="new-version"),
    path("incidents/<int:key>/settle/", incidents.settle, name="settle"),
]

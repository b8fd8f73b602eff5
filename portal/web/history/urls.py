"""Addresses of history."""

from django.urls import path

from portal.web.history import views

app_name = "history"

urlpatterns = [
    path("", views.history_timeline, name="timeline"),
    path("export/", views.history_export, name="export"),
    path("revisions/<int:key>/", views.revision_detail, name="revision"),
]

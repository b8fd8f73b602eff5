"""Addresses of history."""

from django.urls import path

from portal.web.history import moments, proof, retired, views

app_name = "history"

urlpatterns = [
    path("", views.history_timeline, name="timeline"),
    path("export/", views.history_export, name="export"),
    path("since/", moments.history_since, name="since"),
    path("compare/", moments.history_compare, name="compare"),
    path("as-of/", moments.history_as_of, name="as-of"),
    path("retired/", retired.history_retired, name="retired"),
    path("proof/", proof.history_proof, name="proof"),
    path("revisions/<int:key>/revert/", moments.revert_ask, name="revert-ask"),
    path("revisions/<int:key>/revert/go/", moments.revert, name="revert"),
    path("revisions/<int:key>/", views.revision_detail, name="revision"),
]

"""Addresses of history."""

from django.urls import path

from portal.web.history import git, moments, proof, retired, revisions, shift, views

app_name = "history"

urlpatterns = [
    path("", views.history_timeline, name="timeline"),
    path("export/", views.history_export, name="export"),
    path("since/", shift.history_since, name="since"),
    path("compare/", moments.history_compare, name="compare"),
    path("as-of/", moments.history_as_of, name="as-of"),
    path("retired/", retired.history_retired, name="retired"),
    path("proof/", proof.history_proof, name="proof"),
    path("git/", git.history_git, name="git"),
    path("git/difference/", git.git_difference, name="git-difference"),
    path("git/difference/compare/", git.git_compare, name="git-compare"),
    path("git/difference/mend/", git.git_mend, name="git-mend"),
    path("git/branches/<int:key>/again/", git.branch_again, name="branch-again"),
    path("revisions/<int:key>/revert/", revisions.revert_ask, name="revert-ask"),
    path("revisions/<int:key>/revert/go/", revisions.revert, name="revert"),
    path("revisions/<int:key>/", revisions.revision_detail, name="revision"),
]

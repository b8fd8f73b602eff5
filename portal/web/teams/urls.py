"""Addresses of teams."""

from django.urls import path

from portal.web.teams import views

app_name = "teams"

urlpatterns = [
    path("", views.team_list, name="list"),
    path("<slug:environment>/<slug:team>/", views.team_detail, name="detail"),
]

"""Addresses of environments."""

from django.urls import path

from portal.web.environments import adding, views

app_name = "environments"

urlpatterns = [
    path("", views.environment_list, name="list"),
    path("new/", adding.environment_new, name="new"),
    path("<slug:environment>/", views.environment_detail, name="detail"),
    path("<slug:environment>/change/", views.environment_change, name="change"),
    path("<slug:environment>/earlier/", views.move_earlier, name="earlier"),
    path("<slug:environment>/teams/new/", adding.team_new, name="team-new"),
]

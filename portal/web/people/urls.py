"""Addresses of people and their roles."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from portal.web.people import password, views

app_name = "people"

urlpatterns = [
    path("", views.people_list, name="list"),
    path("new/", views.person_new, name="new"),
    path("<int:key>/", views.person_detail, name="detail"),
    path("<int:key>/team-role/", views.team_role, name="team-role"),
    path("<int:key>/company-role/", views.company_role, name="company-role"),
    path("<int:key>/account/", views.account, name="account"),
    path("<int:key>/password-link/", views.password_link, name="password-link"),
    path(
        "password/<uidb64>/<token>/", login_not_required(password.ChoosePasswordView.as_view()), name="choose-password"
    ),
]

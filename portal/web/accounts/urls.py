"""Addresses of sign-in and of the remembered choices."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from portal.web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", login_not_required(views.SignInView.as_view()), name="sign-in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign-out"),
    path("theme/", views.theme, name="theme"),
    path("environment/", views.environment, name="environment"),
]

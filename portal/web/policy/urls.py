"""Addresses of review policies."""

from django.urls import path

from portal.web.policy import views

app_name = "policy"

urlpatterns = [path("<slug:environment>/<slug:team>/", views.policy, name="detail")]

"""Addresses of what one is told of."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from portal.web.notices import views

app_name = "notices"

urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", login_not_required(views.unsubscribe), name="unsubscribe"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:key>/retry/", views.retry, name="retry"),
]

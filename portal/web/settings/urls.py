"""The address of the settings."""

from django.urls import path

from portal.web.settings import views

app_name = "settings"

urlpatterns = [path("", views.settings, name="all")]

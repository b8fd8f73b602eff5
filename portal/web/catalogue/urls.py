"""The address of the catalogue."""

from django.urls import path

from portal.web.catalogue import views

app_name = "catalogue"

urlpatterns = [path("", views.catalogue, name="list")]

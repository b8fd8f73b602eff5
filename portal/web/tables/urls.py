"""Addresses of tables."""

from django.urls import path

from portal.web.tables import views

app_name = "tables"

urlpatterns = [
    path("", views.table_list, name="list"),
    path("<slug:environment>/<slug:source>/<str:schema>/<str:table>/", views.table_detail, name="detail"),
]

"""The portal's addresses and the gallery, for tests and for looking at it."""

from django.urls import path

from portal import urls
from tests.portal.gallery import gallery

urlpatterns = [path("gallery/", gallery, name="gallery"), *urls.urlpatterns]
handler404 = urls.handler404

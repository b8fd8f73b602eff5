"""The portal's addresses and the gallery, for tests and for looking at it."""

from django.urls import path

from portal.urls import urlpatterns as portal_urlpatterns
from tests.portal.gallery import gallery

urlpatterns = [path("gallery/", gallery, name="gallery"), *portal_urlpatterns]

"""Every page of the site, and the demo's two."""

from __future__ import annotations

from django.urls import path

from postmarket.config.urls import handler400 as handler400
from postmarket.config.urls import handler403 as handler403
from postmarket.config.urls import handler404 as handler404
from postmarket.config.urls import handler429 as handler429
from postmarket.config.urls import handler500 as handler500
from postmarket.config.urls import urlpatterns as pages
from postmarket.demo import views

urlpatterns = [
    path("demo/be/", views.be, name="demo-be"),
    path("demo/code/", views.code, name="demo-code"),
    *pages,
]

"""Where pathways are: under the case and the device version they belong to."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.pathway import keeping, page

ONE = "cases/<str:number>/versions/<int:pk>/pathway/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ONE, page.pathway, name="pathway"),
    path(f"{ONE}save/", page.pathway_save, name="pathway-save"),
    path(f"{ONE}keep/", keeping.pathway_keep, name="pathway-keep"),
    path(f"{ONE}controls/<int:control>/withdraw/", keeping.control_withdraw, name="control-withdraw"),
]

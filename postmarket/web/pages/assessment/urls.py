"""Where the assessment of a device version in a case is."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.assessment import page, views

ONE = "cases/<str:number>/versions/<int:pk>/assessment/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(ONE, page.assessment, name="assessment"),
    path(f"{ONE}begin/", views.begin, name="assessment-begin"),
    path(f"{ONE}harm/", views.save_harm, name="assessment-harm"),
    path(f"{ONE}privacy/", views.save_privacy, name="assessment-privacy"),
    path(f"{ONE}scores/", views.save_scores, name="assessment-scores"),
    path(f"{ONE}rubric/", views.save_rubric, name="assessment-rubric"),
    path(f"{ONE}resolution/", views.save_resolution, name="assessment-resolution"),
    path(f"{ONE}propose/", views.propose, name="assessment-propose"),
    path(f"{ONE}withdraw/", views.withdraw, name="assessment-withdraw"),
    path(f"{ONE}sign/<str:lead>/", views.sign, name="assessment-sign"),
]

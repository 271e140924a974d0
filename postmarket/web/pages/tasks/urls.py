"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.tasks import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<int:number>/progress/", views.progress, name="task-progress"),
    path("tasks/<int:number>/retry/", views.retry, name="task-retry"),
    path("tasks/<int:number>/drop/", views.drop, name="task-drop"),
]

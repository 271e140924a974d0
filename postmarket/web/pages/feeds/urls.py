"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.feeds import advisories, criteria, runs, sources, watches

urlpatterns: list[URLPattern | URLResolver] = [
    path("feeds/", sources.feeds, name="feeds"),
    path("feeds/on/", sources.switch_on, name="feeds-on"),
    path("feeds/runs/", runs.history, name="feed-runs"),
    path("feeds/runs/<int:pk>/", runs.one, name="feed-run"),
    path("feeds/runs/<int:pk>/log/", runs.log, name="feed-run-log"),
    path("feeds/source/<slug:source>/", sources.schedule, name="feed-schedule"),
    path("feeds/source/<slug:source>/run/", sources.run, name="feed-ask"),
    path("feeds/source/<slug:source>/progress/", sources.progress, name="feed-progress"),
    path("advisories/", advisories.every, name="advisories"),
    path("advisories/<int:pk>/", advisories.one, name="advisory"),
    path("watches/", watches.every, name="watches"),
    path("watches/add/", watches.add, name="watch-add"),
    path("watches/<int:pk>/", watches.one, name="watch"),
    path("watches/<int:pk>/switch/", watches.switch, name="watch-switch"),
    path("watches/entries/<int:pk>/", watches.item, name="watch-item"),
    path("criteria/", criteria.every, name="criteria"),
    path("criteria/<int:pk>/", criteria.one, name="criterion"),
    path("criteria/<int:pk>/undo/", criteria.take_back, name="criterion-undo"),
    path("criteria/retire/<slug:source>/<slug:fingerprint>/<path:record>", criteria.retiring, name="criterion-retire"),
    path("criteria/of/<slug:source>/<path:record>", criteria.record, name="criteria-of"),
]

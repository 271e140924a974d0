"""Where these pages are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from postmarket.web.pages.sboms import aliases, api_docs, builds, components, one, support, uploads

urlpatterns: list[URLPattern | URLResolver] = [
    path("versions/<int:pk>/sboms/upload/", uploads.upload, name="sbom-upload"),
    path("versions/<int:pk>/builds/", builds.builds, name="version-builds"),
    path("versions/<int:pk>/builds/add/", builds.add, name="version-build-add"),
    path("versions/<int:pk>/components/add/", uploads.add, name="component-add"),
    path("sboms/<int:pk>/", one.sbom, name="sbom"),
    path("sboms/<int:pk>/progress/", one.progress, name="sbom-progress"),
    path("sboms/<int:pk>/again/", one.again, name="sbom-again"),
    path("sboms/<int:pk>/held/", one.hold, name="sbom-held"),
    path("sboms/<int:pk>/current/", one.current_again, name="sbom-current-again"),
    path("components/", components.component_list, name="components"),
    path("components/<int:pk>/", components.component, name="component"),
    path("components/<int:pk>/support/", components.state, name="support-state"),
    path("components/by-hand/<int:pk>/remove/", uploads.remove, name="component-remove"),
    path("components/support/", support.support, name="support"),
    path("components/support/<int:pk>/withdraw/", support.withdraw, name="support-withdraw"),
    path("components/aliases/", aliases.aliases, name="aliases"),
    path("components/aliases/propose/", aliases.propose, name="alias-propose"),
    path("components/aliases/<int:pk>/decide/", aliases.decide, name="alias-decide"),
    path("api/postmarket/v1/docs", api_docs.docs, name="api-docs"),
]

"""The API, assembled: `/api/postmarket/v1/…`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from postmarket.api import problems
from postmarket.api.routes import sboms

api = NinjaAPI(
    title="postmarket",
    version="1",
    description="SBOMs from pipelines. Tokens are made under People, API tokens.",
    urls_namespace="postmarket-api",
    docs_url=None,
    openapi_url=None,
)
problems.install(api)
api.add_router("", sboms.router)

_patterns, _app, _namespace = api.urls
_addresses = [one for one in _patterns if isinstance(one, URLPattern) and one.name != "api-root"]  # that one is empty
for _address in _addresses:
    _address.callback = login_not_required(_address.callback)  # a token says who asks; no session counts

ROOT = "/api/postmarket/v1/"


@login_not_required
def description(request: HttpRequest) -> JsonResponse:
    """The API's description (OpenAPI 3.1): the same for everybody, and no secret."""
    return JsonResponse(api.get_openapi_schema(path_prefix=ROOT))


urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{ROOT[1:]}openapi.json", require_safe(description), name="api-description"),
    path(ROOT[1:], (_addresses, _app, _namespace)),
]

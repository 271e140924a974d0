"""The API describes itself, and the description is true."""

from __future__ import annotations

from django.test import Client

from postmarket.api.urls import ROOT


def test_the_description_names_every_address_and_what_can_go_wrong() -> None:
    """Open to everybody: it holds no secret."""
    found = Client().get(f"{ROOT}openapi.json")

    assert found.status_code == 200
    said = found.json()
    assert set(said["paths"]) == {f"{ROOT}sboms", f"{ROOT}sboms/{{number}}", f"{ROOT}proposals/{{number}}"}
    put = said["paths"][f"{ROOT}sboms"]["put"]
    assert {"200", "202", "401", "403", "409", "411", "413", "422", "429"} <= set(put["responses"])
    assert set(put["requestBody"]["content"]) == {"application/octet-stream", "multipart/form-data"}
    assert put["security"]

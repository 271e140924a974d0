"""What changed between two SBOMs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from postmarket.sbom.difference import diff
from postmarket.sbom.interface import Bom, Component, Format, SupportLevel

FULL = Component(
    ref="a",
    name="tinytls",
    version="1",
    supplier="Tls Project",
    purl="pkg:generic/tinytls@1",
    cpes=("cpe:2.3:a:tls:tinytls:1:*:*:*:*:*:*:*",),
    hashes={"SHA-256": "ab"},
    licenses=("MIT",),
    support_level=SupportLevel.ABANDONED,
    end_of_support="2027-12-31",
)


def _bom(*components: Component) -> Bom:
    return Bom(format=Format.CYCLONEDX_JSON, spec_version="1.6", name="pump", components=components)


def _names(components: tuple[Component, ...]) -> list[str]:
    return [one.name for one in components]


def test_added_removed_and_changed() -> None:
    """A component only in one SBOM is added or removed; one in both at another version is changed."""
    old = _bom(Component(ref="1", name="gone"), Component(ref="2", name="kept", version="1"))
    new = _bom(Component(ref="9", name="kept", version="2"), Component(ref="8", name="new"))

    found = diff(old, new)

    assert _names(found.added) == ["new"]
    assert _names(found.removed) == ["gone"]
    assert [(one.old.version, one.new.version) for one in found.changed] == [("1", "2")]
    assert found.lost_data == ()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("supplier", "", "supplier"),
        ("purl", "", "purl"),
        ("cpes", (), "CPE"),
        ("licenses", (), "licence"),
        ("hashes", {}, "hash"),
        ("support_level", SupportLevel.UNKNOWN, "support level"),
        ("end_of_support", "", "end of support"),
    ],
)
def test_lost_data_is_named(field: str, value: object, told: str) -> None:
    """What the old SBOM said and the new one does not is told, though the component is the same."""
    new = replace(FULL, **{field: value})

    found = diff(_bom(FULL), _bom(new))

    assert [one.lost for one in found.lost_data] == [(told,)]
    assert not found.added
    assert not found.removed
    assert diff(_bom(new), _bom(FULL)).is_empty


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            Component(ref="1", name="a", purl="pkg:npm/%40acme/a@1.0?x=y#sub"),
            Component(ref="2", name="renamed", purl="pkg:npm/%40acme/a@2.0"),
        ),
        (
            Component(ref="1", name="a", purl="pkg:npm/a@1", cpes=("cpe:2.3:a:v:p:1:*:*:*:*:*:*:*",)),
            Component(ref="2", name="b", cpes=("cpe:2.3:a:x:y:2:*:*:*:*:*:*:*", "cpe:2.3:a:v:p:2:*:*:*:*:*:*:*")),
        ),
        (Component(ref="1", name="a", group="g", purl="pkg:npm/a@1"), Component(ref="2", name="A", group="g")),
    ],
)
def test_identity_is_purl_then_cpe_then_name(old: Component, new: Component) -> None:
    """The strongest identity both carry says that they are the same."""
    found = diff(_bom(old), _bom(new))

    assert (found.added, found.removed) == ((), ())


def test_different_purls_are_different_components() -> None:
    """A shared name does not join what two purls tell apart."""
    old = Component(ref="1", name="core", purl="pkg:npm/core@1")
    new = Component(ref="2", name="core", purl="pkg:pypi/core@1")

    found = diff(_bom(old), _bom(new))

    assert (_names(found.added), _names(found.removed)) == (["core"], ["core"])


def test_several_versions_of_one_component_are_paired_by_version_first() -> None:
    """With 1 and 2 in the old and 2 and 3 in the new, only 1 became 3."""
    old = _bom(*(Component(ref=v, name="x", version=v) for v in ("1", "2")))
    new = _bom(*(Component(ref=v, name="x", version=v) for v in ("2", "3")))

    assert [(one.old.version, one.new.version) for one in diff(old, new).changed] == [("1", "3")]


COMPONENTS = st.lists(
    st.builds(
        Component,
        ref=st.just("r"),
        name=st.sampled_from("abc"),
        version=st.sampled_from("12"),
        purl=st.sampled_from(["", "pkg:npm/a@1", "pkg:npm/b@2"]),
        cpes=st.sampled_from([(), ("cpe:2.3:a:v:a:1:*:*:*:*:*:*:*",), ("cpe:2.3:a:v:b:*:*:*:*:*:*:*:*",)]),
    ),
    max_size=8,
)


@given(COMPONENTS)
def test_nothing_changed_from_itself(components: list[Component]) -> None:
    """An SBOM does not differ from itself, nor from itself in another order."""
    assert diff(_bom(*components), _bom(*components)).is_empty
    turned = diff(_bom(*components), _bom(*reversed(components)))
    assert (turned.added, turned.removed) == ((), ())


@given(COMPONENTS, COMPONENTS)
def test_every_component_is_accounted_for(old: list[Component], new: list[Component]) -> None:
    """Added plus paired make the new SBOM; as many pairs are missing from the removed."""
    found = diff(_bom(*old), _bom(*new))

    assert len(new) - len(found.added) == len(old) - len(found.removed)

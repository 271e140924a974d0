"""An SBOM about something else changes nothing of a shipped version until a person says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from postmarket import tasks
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.inventory.errors import WrongSbom
from postmarket.inventory.models import Component, DeviceVersion, Sbom
from postmarket.inventory.queries.currency import waiting_held
from postmarket.inventory.services.sboms.holding import set_aside, use_held
from postmarket.inventory.services.sboms.reading import read_received
from postmarket.inventory.services.sboms.receiving import receive_again
from postmarket.records.models import Entry
from tests.inventory.given import NOW, OPENSSL, ZLIB, cyclonedx, engineer, names, receive, version

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
OTHER = {"name": "juice-shop", "version": "11.1.2"}
OURS = {"name": "corvid", "version": "3.2"}


@pytest.fixture
def shipped() -> DeviceVersion:
    """A shipped version whose SBOM is its own."""
    made = version(state="shipped")
    given(made, cyclonedx(OPENSSL, subject=OURS))
    return made


def given(to: DeviceVersion, content: bytes, hours: int = 0) -> Sbom:
    """What became of an SBOM."""
    sbom = receive(to, content, at=NOW + timedelta(hours=hours)).sbom
    tasks.run_due(now=NOW + timedelta(hours=hours))
    sbom.refresh_from_db()
    return sbom


@pytest.fixture
def held(shipped: DeviceVersion) -> Sbom:
    """An SBOM of another product, uploaded for it."""
    return given(shipped, cyclonedx(ZLIB, subject=OTHER), 1)


def test_it_is_read_and_held_and_the_version_keeps_what_it_had(shipped: DeviceVersion, held: Sbom) -> None:
    """It says why; a record is left; whoever answers for it finds it waiting."""
    assert (held.state, held.is_current, held.component_count) == ("held", False, 1)
    assert held.held_why == "It says it is about juice-shop 11.1.2; the one in use is about corvid 3.2."
    assert names(shipped) == ["openssl 3.0.7"]
    assert Entry.objects.latest("number").kind == "sbom.held"
    assert [one.pk for one in waiting_held(engineer())] == [held.pk]


def test_a_person_uses_it_all_the_same(shipped: DeviceVersion, held: Sbom) -> None:
    """Then it is what the version is made of, and nobody is asked again."""
    used = use_held(by=engineer(), sbom=held, why="The shop runs on the device now.", now=LATER)

    assert (used.state, used.is_current, used.confirmed) == ("read", True, True)
    assert names(shipped) == ["zlib 1.2.13"]
    assert waiting_held(engineer()) == []
    assert given(shipped, cyclonedx(OPENSSL, ZLIB, subject=OTHER), 2).state == "read"


def test_its_components_are_listed_from_the_day_it_is_used_and_not_before(shipped: DeviceVersion, held: Sbom) -> None:
    """No clock of a vulnerability in them begins while nobody has said that they are there."""
    assert not Component.objects.filter(sbom=held).exists()

    use_held(by=engineer(), sbom=held, why="Yes.", now=LATER)

    assert [one.added_at for one in Component.objects.filter(sbom=held)] == [LATER]


def test_or_sets_it_aside_and_can_change_their_mind(shipped: DeviceVersion, held: Sbom) -> None:
    """What was set aside stays in the history, and comes in anew when it was right after all."""
    aside = set_aside(by=engineer(), sbom=held, why="Wrong file.", now=LATER)

    assert (aside.state, names(shipped)) == ("set aside", ["openssl 3.0.7"])
    assert waiting_held(engineer()) == []
    assert "it was set aside" in receive(shipped, cyclonedx(ZLIB, subject=OTHER), at=LATER).words
    assert receive_again(by=engineer(), sbom=aside, why="It was right.", now=LATER).sbom.is_current
    assert names(shipped) == ["zlib 1.2.13"]


@pytest.mark.parametrize(("subject", "state"), [(OURS, "read"), (OTHER, "held")])
def test_a_newer_one_ends_the_waiting(shipped: DeviceVersion, held: Sbom, subject: dict[str, str], state: str) -> None:
    """Whether it is used or waits itself: of each version one waits at most."""
    newer = given(shipped, cyclonedx(OPENSSL, ZLIB, subject=subject), 2)
    held.refresh_from_db()

    assert (newer.state, held.state) == (state, "set aside")
    assert [one.pk for one in waiting_held(engineer())] == ([newer.pk] if state == "held" else [])
    with pytest.raises(WrongSbom, match="it is set aside"):
        use_held(by=engineer(), sbom=held, why="Late.", now=LATER)


def test_one_that_is_read_late_behind_a_newer_one_is_not_held(shipped: DeviceVersion) -> None:
    """It takes nobody's place."""
    late = receive(shipped, cyclonedx(ZLIB, subject=OTHER), at=NOW + timedelta(minutes=1)).sbom
    newer = receive(shipped, cyclonedx(OPENSSL, ZLIB, subject=OURS), at=LATER).sbom
    assert read_received(newer.pk, now=LATER).is_current

    found = read_received(late.pk, now=LATER)

    assert (found.state, found.is_current) == ("read", False)


def test_a_person_who_said_whose_it_is_is_not_asked_again(shipped: DeviceVersion, held: Sbom) -> None:
    """One that was used, and the next that says the same words."""
    use_held(by=engineer(), sbom=held, why="Yes.", now=LATER)

    assert given(shipped, cyclonedx(OPENSSL, ZLIB, subject=OTHER), 2).state == "read"


def test_the_same_bytes_again_say_that_they_wait(shipped: DeviceVersion, held: Sbom) -> None:
    """Nothing is kept twice."""
    again = receive(shipped, cyclonedx(ZLIB, subject=OTHER), at=LATER)

    assert (again.is_new, again.sbom.pk) == (False, held.pk)
    assert "it waits for a person" in again.words


def test_one_made_current_again_by_a_person_is_not_held(shipped: DeviceVersion, held: Sbom) -> None:
    """They said so already; but one that waits is decided on its page."""
    with pytest.raises(WrongSbom, match="is held"):
        receive_again(by=engineer(), sbom=held, why="It was right.", now=LATER)
    use_held(by=engineer(), sbom=held, why="Yes.", now=LATER)
    given(shipped, cyclonedx(OPENSSL, subject=OURS), 2)

    again = receive_again(by=engineer(), sbom=held, why="It was right.", now=NOW + timedelta(hours=3)).sbom

    assert (again.state, again.is_current) == ("read", True)


def test_nothing_in_development_and_no_first_sbom_is_held() -> None:
    """A pipeline is not stopped by names, and without an SBOM everything is unknown anyway."""
    first = version("9.0", state="shipped")
    assert given(first, cyclonedx(ZLIB, subject=OTHER)).state == "read"

    ours = version("9.1")
    given(ours, cyclonedx(OPENSSL, subject=OURS))
    assert given(ours, cyclonedx(ZLIB, subject=OTHER), 1).state == "read"


def test_who_may_not_upload_decides_nothing(held: Sbom) -> None:
    """An auditor reads it."""
    auditor = engineer("Ravi Thorsen", Role.AUDITOR)

    for decide in (use_held, set_aside):
        with pytest.raises(NotAllowed):
            decide(by=auditor, sbom=held, why="x", now=LATER)


def test_what_does_not_wait_is_not_decided(shipped: DeviceVersion) -> None:
    """The answer says what it is."""
    with pytest.raises(WrongSbom, match="does not wait for anybody: it is read"):
        use_held(by=engineer(), sbom=Sbom.objects.get(version=shipped), why="x", now=LATER)

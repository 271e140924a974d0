"""Cases are merged, split, linked, kept from the public, watched, and their files taken."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from postmarket.accounts.models import Person
from postmarket.accounts.roles import Role
from postmarket.cases.models import Case, StartEvent
from postmarket.cases.services.opening import open_case, open_case_for_report
from postmarket.cases.services.people import restrict
from postmarket.records import evidence
from tests.accounts.builders import person
from tests.intake.given import FRIDAY, entered
from tests.monitoring.builders import NOW
from tests.web.pages.conftest import Firm, bring_up, firm, kept, now, pack, store
from tests.web.pages.reading import heading
from tests.web.test_cases import RISK, case, do, mara, refused, see, site, typed

__all__ = ["bring_up", "case", "firm", "kept", "mara", "now", "pack", "site", "store"]

pytestmark = pytest.mark.django_db
LEAK = "A memory error can stop the Dosimere 3."


@pytest.fixture
def reported(case: Case, firm: Firm, mara: Person) -> Case:
    """A case for a report about the ventilator, of which the firm knew on Friday."""
    return open_case_for_report(by=mara, report=entered(firm.ventilator, by=mara), title=LEAK, why="So.", now=NOW)


def test_a_merge_says_first_which_starts_count(site: Client, case: Case, reported: Case) -> None:
    """The earliest of each kind; then one case goes on with everything, and the other stays to be read."""
    page = see(site, "case-merge", reported.number)
    assert f"In which case does {reported.number} go on?" in page
    assert "about the same device" in page

    page = see(site, "case-merge", reported.number, other=case.number)
    assert f"Merge {reported.number} into {case.number}?" in page
    assert f"St. Brigid ({reported.number})" in page
    assert "0 more versions, 1 report, 0 open tasks" in page
    assert "It cannot be undone" in page
    at = f"{reverse('case-merge', args=[reported.number])}?other={case.number}"
    answer = site.post(at, {"kind": "duplicate of", "why": "The same finding."})

    assert answer.headers["Location"] == reverse("case", args=[case.number])
    reported.refresh_from_db()
    assert reported.state == "merged"
    assert StartEvent.objects.filter(case=case, voided_at=None).earliest("at").at == FRIDAY
    page = see(site, "case", case.number)
    assert f"Duplicate of: {reported.number}" in page
    assert "Merged" in see(site, "case", reported.number)


@pytest.mark.parametrize("number", ["PSIRT-2026-0999", "itself"])
def test_only_another_case_that_is_there_can_be_chosen(site: Client, case: Case, number: str) -> None:
    """In words, at the field; nothing typed is lost."""
    answer = site.get(
        reverse("case-merge", args=[case.number]), {"other": case.number if number == "itself" else number}
    )
    assert answer.status_code == 400
    assert (b"this case itself" if number == "itself" else b"There is no such case") in answer.content


def test_cases_about_two_vulnerabilities_are_linked_and_not_merged(site: Client, case: Case, mara: Person) -> None:
    """The refusal says so; the link stands in both."""
    other = open_case(by=mara, vulnerability="CVE-2025-0002", title=LEAK, why="So.", now=NOW)
    at = f"{reverse('case-merge', args=[case.number])}?other={other.number}"
    before = see(site, "case-merge", case.number, other=other.number)
    assert f"{case.number} cannot go on in {other.number}." in before
    assert "Merge into" not in before
    answer = site.post(at, {"kind": "merged into", "why": "The same."})
    assert answer.status_code == 400
    assert b"Link them instead." in answer.content

    at = f"{reverse('case-link', args=[case.number])}?other={other.number.lower()}"
    assert site.post(at, {"why": "Both on port 8443."}).status_code == 302
    for one, its in ((case, other), (other, case)):
        assert f"Related: {its.number}" in see(site, "case", one.number)


def test_a_split_takes_versions_and_a_copy_of_the_past(site: Client, case: Case, firm: Firm) -> None:
    """Some go and some stay; the new case has the same dates."""
    page = see(site, "case-split", case.number)
    assert "A copy of these starts goes along" in page
    assert "Reports, comments, files and tasks stay here" in page
    both = [str(firm.v1.pk), str(firm.v2.pk)]
    assert "Leave one of them here." in refused(site, "case-split", case.number, versions=both, title=LEAK)

    at = do(site, "case-split", case.number, versions=both[:1], title=LEAK)

    other = Case.objects.exclude(pk=case.pk).get()
    assert at == reverse("case", args=[other.number])
    assert [row.version for row in other.versions.all()] == [firm.v1]
    running = {"state": "running"}
    assert set(other.clocks.filter(**running).values_list("until")) == set(
        case.clocks.filter(**running).values_list("until")
    )
    page = see(site, "case-split", case.number)
    assert f"{case.number} cannot be split." in page
    assert "Split it" not in page


def test_an_embargo_is_set_and_lifted_and_stops_no_clock(site: Client, case: Case) -> None:
    """It ends after now; empty lifts it."""
    running = list(case.clocks.values_list("pk", "until", "state"))
    assert "No clock stands still for it" in see(site, "case-embargo", case.number)
    assert "ends after now" in refused(site, "case-embargo", case.number, embargo=typed(NOW - timedelta(days=1)))

    do(site, "case-embargo", case.number, embargo=typed(NOW + timedelta(days=30)))
    assert "Embargo until" in see(site, "case", case.number)
    do(site, "case-embargo", case.number, embargo="")

    assert "Embargo until" not in see(site, "case", case.number)
    assert list(case.clocks.values_list("pk", "until", "state")) == running


def test_whoever_reads_a_case_may_watch_it_and_undo_that(case: Case) -> None:
    """An auditor too."""
    who = person("Abe Lund", Role.AUDITOR)
    client = Client()
    client.force_login(who)
    assert "Watch it" in see(client, "case", case.number)

    answer = client.post(reverse("case-watch", args=[case.number]))

    assert case.watchers.get().person == who
    assert "Do not watch it any more" in see(client, "case", case.number)
    undo = next(iter(get_messages(answer.wsgi_request))).extra_tags.removeprefix("undo:")
    client.post(undo)
    assert not case.watchers.exists()


def attached(site: Client, case: Case, name: str = "gateway.log", content: bytes = b"a log") -> str:
    """A file of the case; its hash."""
    file = io.BytesIO(content)
    file.name = name
    do(site, "case-attach", case.number, file=file)
    return str(case.attachments.get(name=name).evidence_id)


def test_a_file_comes_back_as_it_was_and_is_never_shown(site: Client, case: Case) -> None:
    """With what shows a start event; saved under its name."""
    sha256 = attached(site, case)
    event = StartEvent.objects.get(case=case)
    mail = io.BytesIO(b"From: St. Brigid")
    mail.name = "mail.eml"
    do(site, "case-event-correct", case.number, event.pk, at=typed(FRIDAY), person="St. Brigid", shown_by=mail)
    page = see(site, "case-files", case.number)
    assert "Two files are kept" in page
    assert "Attached by Mara Lindqvist" in page
    assert "mail.eml Shows the start: vulnerability learned" in page

    answer = site.get(reverse("case-file", args=[case.number, sha256]))

    assert b"".join(answer) == b"a log"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gateway.log"'
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_file_of_a_restricted_case_is_for_its_members(site: Client, case: Case, firm: Firm, mara: Person) -> None:
    """Nor is it had by way of another case, nor does its name stand in one that has the same bytes."""
    sha256 = attached(site, case)
    other = open_case(by=mara, vulnerability="CVE-2025-0002", title=LEAK, why="So.", now=NOW)
    restrict(by=mara, case=case, why="Embargo.", now=NOW)
    ana = Client()
    ana.force_login(firm.ana)

    assert ana.get(reverse("case-file", args=[case.number, sha256])).status_code == 404
    assert ana.get(reverse("case-file", args=[other.number, sha256])).status_code == 404
    assert ana.get(reverse("case-files", args=[case.number])).status_code == 404
    same = io.BytesIO(b"a log")
    same.name = "other.log"
    event = StartEvent.objects.get(case=other)
    do(site, "case-event-correct", other.number, event.pk, at=typed(FRIDAY), person="Ana", shown_by=same)
    assert "gateway.log" not in see(ana, "case-files", other.number)
    assert ana.get(reverse("case-file", args=[other.number, sha256])).status_code == 200


def test_a_file_that_is_gone_from_the_folder_is_said(site: Client, case: Case) -> None:
    """With what to do."""
    sha256 = attached(site, case)
    (evidence.folder() / sha256[:2] / f"{sha256}.zst").unlink()

    answer = site.get(reverse("case-file", args=[case.number, sha256]))

    assert answer.status_code == 400
    assert b"not in the evidence folder" in answer.content
    assert heading(answer)


def test_a_case_without_files_says_what_would_be_there(site: Client, case: Case) -> None:
    """And where to go."""
    assert "No file is kept of this case." in see(site, "case-files", case.number)
    assert RISK in see(site, "case-files", case.number)

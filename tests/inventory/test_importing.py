"""A portfolio from one file: all of it or nothing, and again without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from postmarket.accounts.authority import Operator
from postmarket.accounts.errors import NotAllowed
from postmarket.accounts.roles import Role
from postmarket.demo import portfolio_path
from postmarket.errors import PostmarketError
from postmarket.inventory.models import Device, DeviceVersion, FieldedUnits, Sbom, Supplier
from postmarket.inventory.queries.devices import list_devices
from postmarket.inventory.services.devices import edit_device, fields_of
from postmarket.inventory.services.importing.interface import Imported, Outcome
from postmarket.inventory.services.importing.portfolio import import_portfolio
from postmarket.policy.pack import load_pack
from postmarket.records.models import Entry
from tests.builders import NOW
from tests.inventory.builders import LATER, device, kinds, line, manager, person, steps, version
from tests.inventory.given import OPENSSL, ZLIB, cyclonedx, names, uploaded

pytestmark = pytest.mark.django_db
PETRA = Operator("petra")
WHOLE = """\
manufacturer: Brellisor Medical
suppliers:
  - name: Quellmar GmbH
    security_contact: psirt@quellmar.example
    response_terms: First answer within ten days.
    risk_reviewed: 2026-05-04
    notes: SDK of the display board.
    names: [Quellmar Software]
devices:
  - name: Ventorsa 5
    model_numbers: [VT5-100]
    udi_dis: ["00844588003288"]
    product_code: CBK
    class: II
    submission: {type: 510(k), number: K261234, date: 2026-01-15}
    criticality: life-sustaining
    intended_use: Ventilation.
    essential_performance: Delivers the set volume.
    markets: [US, EU]
    support_stage: support
    end_of_support: 2034-12-31
    line: ventilators
    clinical_roles: [{match: zlib, role: alarm, why: Unpacks alarms.}]
    profile: {architecture: arm64}
    versions:
      - version: "5.2"
        sbom: 5.2.json
        released: 2026-02-09
        shipped: true
        support_stage: limited-support
        end_of_support: 2030-01-01
        units: 120
        counted: 2026-10-01
        customers:
          - {name: St. Anna Hospital, country: AT, units: 100}
      - {version: "6.0-rc1", sbom: 6.0.json}
"""
SMALL = """\
devices:
  - name: Ventorsa 5
    versions:
      - {version: "5.2", sbom: 5.2.json}
"""
Import = Callable[..., Imported]


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """Import a portfolio that lies beside two SBOMs and a file that is none."""
    (tmp_path / "5.2.json").write_bytes(cyclonedx(ZLIB))
    (tmp_path / "6.0.json").write_bytes(cyclonedx(ZLIB, OPENSSL))
    (tmp_path / "broken.json").write_bytes(b"{")

    def run(content: str, *, dry_run: bool = False, **more: object) -> Imported:
        path = tmp_path / "portfolio.yaml"
        path.write_text(content, "utf-8")
        given = {"by": PETRA, "why": "The portfolio of 2026.", "now": NOW, **more}
        return import_portfolio(path=path, pack=load_pack(), dry_run=dry_run, **given)  # type: ignore[arg-type]

    return run


def refused(run: Import, content: str) -> str:
    """The one line that says why nothing was imported; nothing was."""
    before = Entry.objects.count()
    with pytest.raises(PostmarketError) as caught:
        run(content)
    assert Entry.objects.count() == before
    return caught.value.line()


def test_everything_the_file_says_is_in_the_inventory(run: Import) -> None:
    """Devices, versions, shipped or not, SBOMs read, units per customer, suppliers."""
    line("ventilators")

    done = run(WHOLE)

    pump = Device.objects.get()
    fields = fields_of(pump)
    assert (pump.name, pump.line, pump.manufacturer) == ("Ventorsa 5", line("ventilators"), "Brellisor Medical")
    assert (fields.udi_dis, fields.product_code, fields.device_class) == (("00844588003288",), "CBK", "II")
    assert (fields.submission_type, fields.submission_number) == ("510(k)", "K261234")
    assert (str(fields.submission_date), str(fields.end_of_support)) == ("2026-01-15", "2034-12-31")
    assert (fields.device_type, fields.markets, fields.support_stage) == ("life-sustaining", ("US", "EU"), "support")
    assert (fields.roles[0].pattern, fields.profile.architecture) == ("zlib", "arm64")
    five, six = DeviceVersion.objects.order_by("pk")
    assert (five.is_shipped, five.support_stage, str(five.released_on)) == (True, "limited-support", "2026-02-09")
    assert (six.is_shipped, names(five), names(six)) == (False, ["zlib 1.2.13"], ["openssl 3.0.7", "zlib 1.2.13"])
    assert [row.role for row in five.listings.all()] == ["alarm"]
    counted = FieldedUnits.objects.values_list("customer__name", "customer__country", "units", "counted_on")
    assert {(*rest, str(on)) for *rest, on in counted} == {
        ("St. Anna Hospital", "AT", 100, "2026-10-01"),
        (None, None, 20, "2026-10-01"),
    }
    supplier = Supplier.objects.get()
    assert (supplier.security_contact, str(supplier.risk_reviewed_on)) == ("psirt@quellmar.example", "2026-05-04")
    assert [one.folded for one in supplier.names.all()] == ["quellmar", "quellmar_software"]
    assert all(change.outcome is Outcome.ADDED for change in done.changes)


def test_the_records_name_who_ran_it_and_why(run: Import) -> None:
    """Each change, and the import as a whole with the file as evidence."""
    line("ventilators")
    run(WHOLE)

    (step,) = steps(Device.objects.get())
    assert (step.said.actor.name, step.said.why) == ("petra (command line of the server)", "The portfolio of 2026.")
    assert Entry.objects.filter(kind="portfolio.imported").count() == 1
    assert Entry.objects.filter(kind="evidence.kept").exists()


def test_importing_again_changes_nothing_and_leaves_no_record(run: Import) -> None:
    """And says so; also on another day."""
    line("ventilators")
    run(WHOLE)
    before = Entry.objects.count()

    again = run(WHOLE, now=LATER)

    assert again.changed_nothing
    assert Entry.objects.count() == before


def test_the_example_manufacturer_can_be_imported_twice() -> None:
    """The file people copy."""

    def run() -> Imported:
        return import_portfolio(by=PETRA, path=portfolio_path(), pack=load_pack(), why="Example.", now=NOW)

    first, second = run(), run()

    assert second.changed_nothing
    rows = list_devices(manager()).rows
    assert sum(row.shipped for row in rows) == sum(1 for one in first.changes if one.kind == "version") == 14
    assert all(row.units for row in rows)


def test_what_the_file_does_not_say_stays(run: Import) -> None:
    """A scan's portfolio takes no field away from a device that people described."""
    line("ventilators")
    run(WHOLE)

    done = run(SMALL)

    assert done.changed_nothing
    assert Device.objects.get().product_code == "CBK"


def test_a_change_in_the_file_is_a_change_of_that_alone(run: Import) -> None:
    """With the device found whatever the case of its name."""
    line("ventilators")
    run(WHOLE)

    done = run(WHOLE.replace("class: II", "class: III").replace("name: Ventorsa 5", "name: VENTORSA 5"))

    changed = [(change.kind, change.outcome) for change in done.changes if change.outcome is not Outcome.UNCHANGED]
    assert changed == [("device", Outcome.CHANGED)]
    assert kinds(Device.objects.get()) == ["device.created", "device.changed"]


def test_an_older_sbom_of_the_file_does_not_replace_a_newer_one(run: Import) -> None:
    """A pipeline brought one since: importing does not put the clock back."""
    run(SMALL)
    made = DeviceVersion.objects.get()
    newest = uploaded(made, OPENSSL, at=LATER)

    assert run(SMALL).changed_nothing
    assert Sbom.objects.get(version=made, is_current=True) == newest


def test_a_dry_run_says_it_all_and_writes_nothing(run: Import) -> None:
    """The same answer as the import gives afterwards."""
    line("ventilators")
    dry = run(WHOLE, dry_run=True)

    assert (Entry.objects.count(), Device.objects.count(), Sbom.objects.count()) == (0, 0, 0)
    assert dry.changes == run(WHOLE).changes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("class: II", "class: V", ("Ventorsa 5: class", "“V” is no class")),
        ("product_code: CBK", "product_code: CB", ("Ventorsa 5: product code", "three letters")),
        ("00844588003288", "00844588003289", ("Ventorsa 5", "check digit")),
        ("type: 510(k)", "type: 501(k)", ("Ventorsa 5: submission: type", "510(k)")),
        ("line: ventilators", "line: ventilator", ("Ventorsa 5: line", "Did you mean “ventilators”")),
        ("support_stage: support\n", "support_stage: supported\n", ("Ventorsa 5: support_stage", "Use one of")),
        ("markets: [US, EU]", "markets: [USA]", ("Ventorsa 5: markets", "two letters")),
        ("units: 100}", "units: 130}", ("Ventorsa 5 5.2: units", "customers have 130")),
        ("shipped: true", "shipped: maybe", ("Ventorsa 5 5.2: shipped", "neither true nor false")),
        ("        shipped: true\n", "", ("Ventorsa 5 5.2: units", "Mark the version as shipped first")),
        ("sbom: 5.2.json", "sbom: broken.json", ("Ventorsa 5 5.2: sbom", "cannot be read")),
        ("sbom: 6.0.json", "sbom: 7.json", ("Ventorsa 5 6.0-rc1: sbom", "there is no file 7.json")),
        ("counted: 2026-10-01", "counted: 2027-10-01", ("Ventorsa 5 5.2: counted on", "a day to come")),
        ("country: AT", "country: Austria", ("Ventorsa 5 5.2: country", "two letters")),
        ("psirt@quellmar.example", "ask Anna", ("Quellmar GmbH: security contact", "neither a mail")),
        ("risk_reviewed: 2026-05-04", "risk_reviewed: May", ("Quellmar GmbH: risk_reviewed", "no date")),
        ('"6.0-rc1"', '" 5.2"', ("Ventorsa 5  5.2: version", "listed twice")),
        ("criticality: life-sustaining", "criticality: life-sustainin", ("Ventorsa 5: criticality", "Did you mean")),
        ("released: 2026-02-09", "released: 2031-01-01", ("Ventorsa 5 5.2: end of support", "before")),
    ],
)
def test_a_refusal_names_file_device_version_and_field_and_nothing_is_imported(
    run: Import, old: str, new: str, said: tuple[str, ...]
) -> None:
    """One clear line each, and not a trace of the rest of the file."""
    line("ventilators")
    assert old in WHOLE

    found = refused(run, WHOLE.replace(old, new, 1))

    assert "portfolio.yaml" in found
    assert all(words in found for words in said), found
    assert not Device.objects.exists()
    assert not Supplier.objects.exists()


def test_a_file_does_not_take_back_that_a_version_shipped(run: Import) -> None:
    """That is a correction, by a person with a reason."""
    line("ventilators")
    run(WHOLE)

    found = refused(run, WHOLE.replace("shipped: true", "shipped: false"))

    assert "A file does not take that back" in found
    assert DeviceVersion.objects.filter(state="shipped").count() == 1


def test_units_that_people_counted_elsewhere_are_part_of_the_whole(run: Import) -> None:
    """The file's number is all of them: what it does not place is not known where."""
    version("5.2", of=device("Ventorsa 5"), units=30)

    run(SMALL.replace("sbom:", "units: 50, sbom:"))
    assert set(FieldedUnits.objects.values_list("customer__name", "units")) == {("St. Anna Hospital", 30), (None, 20)}

    assert "customers are known to have 30" in refused(run, SMALL.replace("sbom:", "units: 20, sbom:"))


def test_a_person_may_import_who_may_do_all_of_it(run: Import) -> None:
    """Devices, SBOMs and suppliers, for every line; what ships asks besides."""
    run(SMALL, by=manager())
    for by in (person(Role.PSIRT_ANALYST), person(Role.QUALITY), manager(line=line())):
        with pytest.raises(NotAllowed):
            run(SMALL, by=by)


def test_an_import_joins_what_people_described(run: Import) -> None:
    """A device that is moved to a line by hand stays there when the file does not name one."""
    run(SMALL)
    pump = Device.objects.get()
    edit_device(by=manager(), device=pump, fields=fields_of(pump), line=line("pumps"), why="Moved.", now=LATER)

    assert run(SMALL).changed_nothing
    assert Device.objects.get().line == line("pumps")

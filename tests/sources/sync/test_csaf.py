"""CSAF providers: found, listed, fetched and checked; one bad document never stops the rest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from postmarket.sources.interface import Source
from postmarket.sources.sync import Fetched, Status
from tests.sources.sync.conftest import Lab
from tests.sources.sync.server import Reply, Server

SIGNATURE = b"-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"


def document(name: str, version: int = 1) -> bytes:
    """A document as far as fetching looks at it."""
    return json.dumps({"document": {"tracking": {"id": name, "version": str(version)}}}).encode()


def provider(server: Server, *distributions: dict[str, Any], path: str = "/csaf/provider-metadata.json") -> None:
    """Publish a provider-metadata.json."""
    metadata = {
        "canonical_url": f"{server.url}{path}",
        "publisher": {"category": "vendor", "name": "Example", "namespace": "https://example.com"},
        "role": "csaf_trusted_provider",
        "distributions": list(distributions),
    }
    server.says(path, json.dumps(metadata).encode())


@dataclass
class Feed:
    """A ROLIE feed at /csaf/white.json."""

    server: Server
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, updated: str, *, body: bytes | None = None, hash_of: bytes | None = None) -> None:
        """List a document with its SHA-512 and signature; with `hash_of`, the hash of other bytes."""
        body = document(name) if body is None else body
        url = f"/csaf/2026/{name}.json"
        self.server.says(url, body)
        digest = hashlib.sha512(hash_of if hash_of is not None else body).hexdigest()
        self.server.says(f"{url}.sha512", f"{digest}  {name}.json\n".encode())
        self.server.says(f"{url}.asc", SIGNATURE)
        full = self.server.url + url
        self.put(
            name,
            {
                "id": name,
                "updated": updated,
                "link": [
                    {"rel": "self", "href": full},
                    {"rel": "hash", "href": f"{full}.sha512"},
                    {"rel": "signature", "href": f"{full}.asc"},
                ],
                "content": {"src": full, "type": "application/json"},
            },
        )

    def put(self, name: str, entry: Any) -> None:
        """List anything."""
        self.entries[name] = entry
        self.server.says("/csaf/white.json", json.dumps({"feed": {"entry": list(self.entries.values())}}).encode())


@pytest.fixture
def feed(server: Server) -> Feed:
    """A provider with one feed of two documents."""
    provider(server, {"rolie": {"feeds": [{"tlp_label": "WHITE", "url": f"{server.url}/csaf/white.json"}]}})
    feed = Feed(server)
    feed.add("esa-1", "2026-10-01T00:00:00Z")
    feed.add("esa-2", "2026-10-02T00:00:00Z")
    return feed


def listing(server: Server, base: str, changes: str | None, index: str | None = None) -> None:
    """Publish a directory's listings."""
    if changes is not None:
        server.says(f"{base}/changes.csv", changes.encode())
    if index is not None:
        server.says(f"{base}/index.txt", index.encode())


def names(items: list[Fetched]) -> list[str]:
    """The file names that came."""
    return [item.path.name for item in items]


def test_a_feed_is_fetched_verified_and_kept_with_its_signature(lab: Lab, feed: Feed) -> None:
    """Beside the document stand the hash that was checked and the signature that was not; the note says so."""
    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert names(came) == ["esa-1.json", "esa-2.json"]
    assert came[0].note == "sha512 verified; signature kept, not checked"
    assert came[0].path.read_bytes() == document("esa-1")
    assert sorted(path.name for path in came[0].path.parent.glob("esa-1*")) == [
        "esa-1.json",
        "esa-1.json.asc",
        "esa-1.json.sha512",
    ]


def test_only_what_changed_is_fetched_again(lab: Lab, feed: Feed) -> None:
    """A document is asked for when its listed time is not the one at hand; the same bytes are told so."""
    lab.run(Source.CSAF)
    feed.add("esa-1", "2026-10-03T00:00:00Z")
    feed.add("esa-2", "2026-10-03T00:00:00Z", body=document("esa-2", 2))
    feed.add("esa-3", "2026-10-03T00:00:00Z")
    feed.server.asked.clear()

    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert [(item.path.name, item.status) for item in came] == [
        ("esa-1.json", Status.UNCHANGED),
        ("esa-2.json", Status.NEW),
        ("esa-3.json", Status.NEW),
    ]
    feed.server.asked.clear()
    assert lab.run(Source.CSAF) == ([], [])
    assert feed.server.paths == ["/csaf/provider-metadata.json", "/csaf/white.json"]


def test_a_wrong_hash_means_the_document_is_not_used(lab: Lab, feed: Feed) -> None:
    """The good version stays on disk, the rest goes on, and the next run asks again."""
    lab.run(Source.CSAF)
    feed.add("esa-1", "2026-10-03T00:00:00Z", body=document("esa-1", 2), hash_of=b"something else")
    feed.add("esa-3", "2026-10-03T00:00:00Z")

    came, failed = lab.run(Source.CSAF)

    assert names(came) == ["esa-3.json"]
    assert [item.url for item in failed] == [f"{feed.server.url}/csaf/2026/esa-1.json"]
    assert "not used" in failed[0].next_step
    assert next(lab.folder.rglob("esa-1.json")).read_bytes() == document("esa-1")
    feed.add("esa-1", "2026-10-03T00:00:00Z", body=document("esa-1", 2))
    assert names(lab.run(Source.CSAF)[0]) == ["esa-1.json"]


@pytest.mark.parametrize("text", [b"", b"<html>", b"abc", hashlib.sha256(document("esa-1")).hexdigest().encode()])
def test_a_listed_hash_that_is_none_is_a_wrong_one(lab: Lab, feed: Feed, text: bytes) -> None:
    """What a provider promises is held against it."""
    feed.server.says("/csaf/2026/esa-1.json.sha512", text)

    came, failed = lab.run(Source.CSAF)

    assert names(came) == ["esa-2.json"]
    assert len(failed) == 1


def test_a_missing_document_stops_no_other(lab: Lab, feed: Feed) -> None:
    """Each failure is a value with its address."""
    del feed.server.routes["/csaf/2026/esa-1.json"]

    came, failed = lab.run(Source.CSAF)

    assert names(came) == ["esa-2.json"]
    assert "HTTP 404" in failed[0].why


def test_a_dead_server_is_left_alone_after_a_while(lab: Lab, feed: Feed) -> None:
    """Five refusals in a row end the provider for this run, and the number left is told."""
    for number in range(3, 13):
        feed.add(f"esa-{number}", "2026-10-02T00:00:00Z")
    for path in list(feed.server.routes):
        if "/2026/" in path:
            feed.server.in_turn(path, Reply(status=403))

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert len(failed) == 6
    assert "7 more were not asked for" in failed[-1].why


def test_killed_after_each_document_none_is_lost_or_fetched_twice(lab: Lab, feed: Feed) -> None:
    """All runs together ask for each document once."""
    for number in range(3, 9):
        feed.add(f"esa-{number}", "2026-10-02T00:00:00Z")
    got: list[str] = []
    for number in range(8):
        last = lab.take(Source.CSAF, 1 if number == 0 else 2)[-1]
        assert isinstance(last, Fetched)
        got.append(last.path.name)

    assert sorted(got) == sorted(f"esa-{number}.json" for number in range(1, 9))
    asked = [path for path in feed.server.paths if path.startswith("/csaf/2026/")]
    assert len(asked) == len(set(asked))


def test_bad_entries_are_counted_in_one_line(lab: Lab, feed: Feed) -> None:
    """A feed with thousands of broken entries does not fill the screen."""
    for number, entry in enumerate(
        [1, {}, {"link": [{"href": "x"}]}, {"link": [{"rel": "self", "href": "ftp://x/y"}]}]
    ):
        feed.put(f"bad-{number}", entry)

    came, failed = lab.run(Source.CSAF)

    assert len(came) == 2
    assert len(failed) == 1
    assert failed[0].why.startswith("4 of what it lists cannot be read; the first is entry 3")


@pytest.mark.parametrize("body", [b"[]", b'{"feed":1}', b"\xff\xfe", b"<feed/>", b'{"feed":{"entry":"x"}}'])
def test_a_feed_that_is_none_is_one_line(lab: Lab, feed: Feed, body: bytes) -> None:
    """XML, another JSON, another encoding."""
    feed.server.says("/csaf/white.json", body)

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert failed[0].url == f"{feed.server.url}/csaf/white.json"


def test_feeds_that_need_access_are_not_asked_for(lab: Lab, feed: Feed) -> None:
    """TLP:AMBER and RED are behind a login; that is said."""
    url = feed.server.url
    provider(
        feed.server,
        {
            "rolie": {
                "feeds": [
                    {"tlp_label": "AMBER", "url": f"{url}/csaf/amber.json"},
                    {"tlp_label": "GREEN", "url": f"{url}/csaf/white.json"},
                ]
            }
        },
    )

    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert len(came) == 2
    assert "AMBER" in lab.notes.lines[0]
    assert "/csaf/amber.json" not in feed.server.paths


def test_directories_are_read_from_changes_and_index(lab: Lab, server: Server) -> None:
    """
    As Microsoft and Red Hat publish: two directories, quoted or not, newest first; index.txt adds what changes.csv
    has not, and a document listed twice is fetched once.
    """
    provider(server, {"directory_url": f"{server.url}/advisories/"}, {"directory_url": f"{server.url}/vex"})
    listing(
        server,
        "/advisories",
        '"2026/a-1.json","2026-10-02T10:00:00Z"\n"2025/a-0.json","2026-10-01T10:00:00Z"\n"2026/a-1.json","2026-01-01T00:00:00Z"\n',
        "2026/a-1.json\n2025/a-0.json\n2020/old.json\n",
    )
    listing(server, "/vex", "\ufeff2026/v-1.json,2026-10-02T10:00:00+00:00\r\n\r\n")
    for path in ("/advisories/2026/a-1", "/advisories/2025/a-0", "/advisories/2020/old", "/vex/2026/v-1"):
        server.says(f"{path}.json", document(path))
        server.says(f"{path}.json.sha256", hashlib.sha256(document(path)).hexdigest().upper().encode())

    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert names(came) == ["a-1.json", "a-0.json", "old.json", "v-1.json"]
    assert {item.note for item in came} == {"sha256 verified"}
    assert [(i.path.name, i.status) for i in lab.run(Source.CSAF)[0]] == [("old.json", Status.UNCHANGED)]


def test_what_a_directory_never_offers_is_soon_not_asked_for(lab: Lab, server: Server) -> None:
    """Three misses of a kind are enough; a server that answers every address with a page offers nothing either."""
    provider(server, {"directory_url": f"{server.url}/d/"})
    listing(server, "/d", "".join(f"2026/x-{number}.json,2026-10-02T10:00:00Z\n" for number in range(9)))
    for number in range(9):
        server.says(f"/d/2026/x-{number}.json", document(str(number)))
        server.says(f"/d/2026/x-{number}.json.sha512", b"<html>not found</html>")
        server.says(f"/d/2026/x-{number}.json.asc", b"<html>not found</html>")

    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert {item.note for item in came} == {"the provider offers no hash"}
    for suffix in (".sha512", ".sha256", ".asc"):
        assert len([path for path in server.paths if path.endswith(suffix)]) == 3
    assert not [path for path in lab.folder.rglob("*") if path.suffix in (".asc", ".sha512")]


def test_a_wrong_hash_beside_a_document_counts_too(lab: Lab, server: Server) -> None:
    """It need not be listed to be believed."""
    provider(server, {"directory_url": f"{server.url}/d/"})
    listing(server, "/d", "2026/x.json,2026-10-02T10:00:00Z")
    server.says("/d/2026/x.json", document("x"))
    server.says("/d/2026/x.json.sha512", b"0" * 128)

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert "sha512" in failed[0].why


@pytest.mark.parametrize(
    ("changes", "count"),
    [("", 0), ("nonsense\n../../etc/passwd,x\n", 2), ("a.json\x00,2026\n" * 3, 3), ('"' + "x" * 200_000, 1)],
)
def test_lines_that_are_no_documents_are_counted(lab: Lab, server: Server, changes: str, count: int) -> None:
    """Never a traceback, always one line."""
    provider(server, {"directory_url": f"{server.url}/d/"})
    listing(server, "/d", changes)

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert len(failed) <= 1
    assert all(f"{count} of what it lists" in item.why for item in failed)
    assert bool(failed) == bool(count)


def test_a_directory_without_listings_is_a_failure(lab: Lab, server: Server) -> None:
    """Nothing listed is not the same as nothing there."""
    provider(server, {"directory_url": f"{server.url}/d/"})

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert failed[0].url == f"{server.url}/d/changes.csv"


def test_without_distributions_the_documents_stand_beside_the_metadata(lab: Lab, server: Server) -> None:
    """As small publishers do; and CSAF 2.1 writes a directory another way."""
    provider(server)
    listing(server, "/csaf", None, "2026/x.json")
    server.says("/csaf/2026/x.json", document("x"))
    provider(server, {"directory": {"tlp_label": "CLEAR", "url": f"{server.url}/other/"}}, path="/pmd21.json")
    listing(server, "/other", None, "2026/y.json")
    server.says("/other/2026/y.json", document("y"))
    both = (f"{server.url}/csaf/provider-metadata.json", f"{server.url}/pmd21.json")

    came, failed = lab.run(Source.CSAF, csaf_providers=both)

    assert failed == []
    assert names(came) == ["x.json", "y.json"]


def test_a_domain_is_looked_up_at_its_well_known_address(lab: Lab, feed: Feed) -> None:
    """And in its security.txt, which may name more; the DNS path is not asked when something was found."""
    server = feed.server
    server.routes["/example.com/.well-known/csaf/provider-metadata.json"] = server.routes[
        "/csaf/provider-metadata.json"
    ]
    server.says(
        "/example.com/.well-known/security.txt",
        f"Contact: mailto:x@example.com\r\ncsaf: {server.url}/csaf/provider-metadata.json\r\nCSAF: file:///x\r\n".encode(),
    )

    came, failed = lab.run(Source.CSAF, csaf_providers=("example.com",))

    assert failed == []
    assert len(came) == 2
    assert "/dns/example.com" not in server.paths
    assert "/example.com/security.txt" not in server.paths


def test_the_old_place_of_security_txt_and_the_dns_path_come_last(lab: Lab, feed: Feed) -> None:
    """Each in its turn, as CSAF 2.0 §7.3.1 orders them."""
    feed.server.routes["/dns/example.com"] = feed.server.routes["/csaf/provider-metadata.json"]

    came, failed = lab.run(Source.CSAF, csaf_providers=("example.com",))

    assert failed == []
    assert len(came) == 2
    assert feed.server.paths[:4] == [
        "/example.com/.well-known/security.txt",
        "/example.com/security.txt",
        "/example.com/.well-known/csaf/provider-metadata.json",
        "/dns/example.com",
    ]


def test_a_domain_without_csaf_names_every_place_tried(lab: Lab, feed: Feed) -> None:
    """And stops no other provider."""
    providers = ("nothing.example", "not a domain", "../x", *lab.endpoints.csaf_providers)

    came, failed = lab.run(Source.CSAF, csaf_providers=providers)

    assert len(came) == 2
    assert [item.url for item in failed] == ["nothing.example", "not a domain", "../x"]
    assert "/dns/nothing.example" in failed[0].why
    assert "provider-metadata.json" in failed[0].next_step


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"{", b'{"canonical_url":1}', b'{"canonical_url":"x","publisher":{},"distributions":[1]}']
)
def test_metadata_that_is_none_is_one_line(lab: Lab, server: Server, body: bytes) -> None:
    """What stands there is not a provider's metadata."""
    server.says("/csaf/provider-metadata.json", body)

    came, failed = lab.run(Source.CSAF)

    assert came == []
    assert len(failed) == 1
    assert "\n" not in failed[0].why


def test_a_listing_cannot_write_outside_the_folder(lab: Lab, server: Server) -> None:
    """Whatever a name says, its file is inside, and no two documents share one."""
    provider(server, {"directory_url": f"{server.url}/d/"})
    odd = ["2026/%2e%2e%2f%2e%2e%2fx.json", "2026/x.json", "2025/x.json", "2026/X y.json", "2026/.json"]
    listing(server, "/d", None, "\n".join(odd))
    for path in (
        "/d/2026/%2e%2e%2f%2e%2e%2fx.json",
        "/d/2026/x.json",
        "/d/2025/x.json",
        "/d/2026/X%20y.json",
        "/d/2026/.json",
    ):
        server.says(path, document(path))

    came, failed = lab.run(Source.CSAF)

    assert failed == []
    assert len({item.path for item in came}) == len(odd)
    assert all(item.path.resolve().is_relative_to((lab.folder / "csaf").resolve()) for item in came)


def test_the_pace_is_kept(lab: Lab, feed: Feed) -> None:
    """No more than eight requests in a second."""
    for number in range(3, 20):
        feed.add(f"esa-{number}", "2026-10-02T00:00:00Z")
    lab.options = replace(lab.options, attempts=1)

    lab.run(Source.CSAF)

    paced = [path for path in feed.server.paths if path != "/csaf/provider-metadata.json"]
    assert len(lab.clock.slept) == (len(paced) - 1) // 8

"""Products of an advisory's tree as criteria: named by CPE, purl or words, their versions read out of the branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postmarket.sources.criteria import of_cpe, possible, stated
from postmarket.sources.interface import Certainty, Criterion, NameKind
from postmarket.sources.names import product_name
from postmarket.sources.prose import Reading, read_ranges
from postmarket.sources.spans import exact, whole
from postmarket.versions import cpe as cpes
from postmarket.versions import purl as purls
from postmarket.versions.errors import InvalidCpe, InvalidPurl, VersionsError
from postmarket.versions.interface import Scheme
from postmarket.versions.keys import scheme_of_purl_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postmarket.sources.csaf.tree import Helper, Product

_NO_VERSION_STATED = "no version is stated apart from the name"


class Claims:
    """The criteria of one product, and what of it could not be read."""

    def __init__(self, product: Product, *, vulnerable: bool = True) -> None:
        self.criteria: list[Criterion] = []
        self.unread: list[str] = []
        self._product = product
        self._vulnerable = vulnerable
        helper = product.helper
        for purl in _purls(helper):
            self._add_purl(purl)
        if helper is not None and helper.cpe:
            self._add_cpe(helper.cpe)
        if not self.criteria:
            self._add_words(product.vendor, product.product or product.name)
        for model in _models(helper):
            self._add_words(product.vendor, model)
        if helper is not None and helper.serial_numbers:
            self._only_possible(f"only serial numbers {', '.join(helper.serial_numbers)[:120]}")

    def _add_purl(self, text: str) -> None:
        try:
            purl = purls.parse(text)
        except InvalidPurl as error:
            self.unread.append(error.line())
            return
        name, scheme = purls.product_names(purl)[0], scheme_of_purl_type(purl.type)
        version, said = purls.version_of(purl), self._product.version
        if version:
            try:
                reading = Reading((exact(scheme, version),), "")
            except VersionsError as error:
                reading = Reading((), f"{version} ({error.why or error.what})")
        elif said is None or said.lower() == purl.name.lower():  # Red Hat names the package where a version belongs
            reading = Reading((whole(scheme),), "")
        else:
            reading = self._reading(scheme)
        self._add(NameKind.PURL, name, version or said or "", reading)

    def _add_cpe(self, text: str) -> None:
        try:
            name = cpes.parse(text)
        except InvalidCpe as error:
            self.unread.append(error.line())
            return
        if self._product.version is None:
            criterion, why = of_cpe(cpes.to_formatted(name), self._vulnerable, None, None, None, None)
            self.criteria.append(criterion)
            self.unread += [why] if why else []
            return
        attributes = cpes.attributes(name._replace(update=cpes.ANY))
        reading = self._reading(Scheme.GENERIC)
        self._add(NameKind.CPE, cpes.product_name(name), self._product.version, reading, attributes=attributes)

    def _add_words(self, vendor: str, product: str) -> None:
        name = product_name(vendor, product)
        if not name:
            self.unread.append(f"{self._product.name or product}: no product is named"[:200])
        elif self._product.version is None and not self._product.product:
            self._add(NameKind.NAME, name, self._product.name, Reading((), _NO_VERSION_STATED))
        elif self._product.version is None:
            self._add(NameKind.NAME, name, "", Reading((whole(Scheme.GENERIC),), ""))
        else:
            self._add(NameKind.NAME, name, self._product.version, self._reading(Scheme.GENERIC))

    def _reading(self, scheme: Scheme) -> Reading:
        return read_ranges(self._product.version or "", scheme, names=(self._product.vendor, self._product.product))

    def _add(self, kind: NameKind, name: str, text: str, reading: Reading, *, attributes: str = "") -> None:
        if reading.remainder:
            self.unread.append(f"{self._product.product or self._product.name} {text}: not understood"[:300])
        for span in reading.spans:
            if reading.remainder:
                criterion = possible(kind, name, text, found=span, attributes=attributes, vulnerable=self._vulnerable)
            else:
                criterion = stated(kind, name, span, attributes=attributes, vulnerable=self._vulnerable)
            self.criteria.append(criterion)
        if not reading.spans:
            self.criteria.append(possible(kind, name, text or "-", attributes=attributes, vulnerable=self._vulnerable))

    def _only_possible(self, why: str) -> None:
        """Not every unit of the version is meant, and an SBOM does not say which unit it describes."""
        self.unread.append(f"{self._product.name}: {why}"[:300])
        self.criteria = [
            Criterion(
                one.kind, one.name, one.range, one.text, Certainty.POSSIBLE, one.attributes, one.vulnerable, one.fixed
            )
            for one in self.criteria
        ]


def _purls(helper: Helper | None) -> tuple[str, ...]:
    if helper is None:
        return ()
    return tuple(dict.fromkeys([*([helper.purl] if helper.purl else []), *helper.purls]))


def _models(helper: Helper | None) -> Iterator[str]:
    """Whole model numbers; one with a wildcard names a family, which no component answers to."""
    for model in helper.model_numbers if helper is not None else ():
        if not any(sign in model.replace("\\*", "").replace("\\?", "") for sign in "*?"):
            yield model.replace("\\", "")

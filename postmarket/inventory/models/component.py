"""Components as listed, the identities they share, and what each version is made of now."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from postmarket.inventory.models.sbom import Sbom
from postmarket.inventory.models.version import DeviceVersion
from postmarket.inventory.words import Origin
from postmarket.policy.interface import ClinicalRole
from postmarket.records.interface import Subject
from postmarket.sbom.interface import ComponentClass, SupportLevel


class ComponentIdentity(models.Model):
    """
    What components of many SBOMs share: matched once, decided once. `key` is `rules.identity.identity_key`.

    `match_id` is the identity's id in the vulnerability store (`matching.portfolio.keep_identities`); it changes when
    the alias table does, and is None until it is first kept there.
    """

    key = models.CharField(max_length=32, unique=True)
    name = models.TextField()
    version = models.TextField(blank=True)
    supplier = models.TextField(blank=True)
    purl = models.TextField(blank=True)
    cpes = models.JSONField(default=list)
    kind = models.CharField(max_length=60, blank=True)
    """As CycloneDX names it, of the component it was first seen as; an operating system is looked up otherwise."""
    product = models.CharField(max_length=400, blank=True, db_index=True)
    """`rules.product.product_key`: what it is a version of."""
    match_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        """By name and version."""

        ordering: ClassVar = ["name", "version", "pk"]
        verbose_name_plural = "component identities"

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("component-identity", self.key)


class Component(models.Model):
    """
    A component as listed in one SBOM, or entered by hand for a version (hardware, RTOS, COTS): then `sbom` is None.

    Texts are as written there. `position` is its place in `Bom.components`; the SBOM's own subject has -1.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.PROTECT, related_name="components")
    sbom = models.ForeignKey(Sbom, on_delete=models.PROTECT, null=True, related_name="components")
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.PROTECT, related_name="components")
    position = models.IntegerField(default=0)
    ref = models.TextField(blank=True)
    parent = models.TextField(blank=True)
    name = models.TextField()
    version_text = models.TextField(blank=True)
    supplier = models.TextField(blank=True)
    purl = models.TextField(blank=True)
    kind = models.CharField(max_length=60, blank=True)
    component_class = models.CharField(max_length=20, default=ComponentClass.UNKNOWN.value)
    support_level = models.CharField(max_length=30, default=SupportLevel.UNKNOWN.value)
    end_of_support = models.DateField(null=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    """When one entered by hand was taken out again; those of SBOMs stay with their SBOM."""
    note = models.TextField(blank=True)

    class Meta:
        """In the order of the SBOM."""

        ordering: ClassVar = ["sbom_id", "position", "pk"]
        indexes: ClassVar = [models.Index(fields=["version", "sbom"], name="inventory_component_by_place")]

    def __str__(self) -> str:
        return f"{self.name} {self.version_text}".strip()

    @property
    def subject(self) -> Subject:
        """How records name it."""
        return Subject("component", str(self.pk))

    @property
    def origin(self) -> Origin:
        """Where it is listed."""
        return Origin.BY_HAND if self.sbom_id is None else Origin.SBOM


class Listing(models.Model):
    """
    What a version is made of now: each identity once, with the clinical role the device's rules give it.

    Made anew whenever the version's current SBOM, its components by hand or the device's roles change; the portfolio
    is matched and its findings are projected from here.
    """

    version = models.ForeignKey(DeviceVersion, on_delete=models.CASCADE, related_name="listings")
    identity = models.ForeignKey(ComponentIdentity, on_delete=models.PROTECT, related_name="listings")
    role = models.CharField(max_length=20, default=ClinicalRole.UNKNOWN.value)
    role_why = models.TextField(blank=True)

    class Meta:
        """Each identity once per version; found from either side."""

        ordering: ClassVar = ["version_id", "identity_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "identity"], name="inventory_listing_once")]
        indexes: ClassVar = [models.Index(fields=["identity", "version"], name="inventory_listing_by_identity")]

    def __str__(self) -> str:
        return f"{self.identity} in {self.version}"

"""Small SBOMs of an invented infusion pump, one per format, all saying the same as far as their format can."""

from __future__ import annotations

import json
from typing import Any

SHA256 = "ab" * 32

CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1,
    "metadata": {
        "timestamp": "2026-02-03T10:00:00Z",
        "lifecycles": [{"phase": "build"}],
        "authors": [{"name": "Ada Builder"}],
        "manufacturer": {"name": "Example Devices"},
        "tools": {"components": [{"type": "application", "name": "bomtool", "version": "2.1"}]},
        "component": {
            "type": "device",
            "bom-ref": "pump",
            "name": "Pump One",
            "version": "3.2.0",
            "supplier": {"name": "Example Devices"},
            "components": [{"type": "firmware", "bom-ref": "boot", "name": "bootloader", "version": "7"}],
        },
    },
    "components": [
        {
            "type": "library",
            "bom-ref": "tls",
            "supplier": {"name": "Tls Project"},
            "name": "tinytls",
            "version": "2.28.0",
            "purl": "pkg:generic/tinytls@2.28.0",
            "cpe": "cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*",
            "hashes": [{"alg": "SHA-256", "content": SHA256.upper()}],
            "licenses": [{"license": {"id": "Apache-2.0"}}],
            "properties": [
                {"name": "cdx:fda:level-of-support", "value": "actively-maintained"},
                {"name": "cdx:fda:end-of-support-date", "value": "2027-12-31"},
                {"name": "syft:cpe23", "value": "cpe:2.3:a:tinytls:tinytls:2.28.0:*:*:*:*:*:*:*"},
            ],
            "pedigree": {
                "patches": [
                    {
                        "type": "backport",
                        "resolves": [
                            {"type": "security", "id": "CVE-2024-0001"},
                            {"type": "defect", "id": "BUG-7"},
                        ],
                    }
                ]
            },
            "components": [{"type": "library", "bom-ref": "bignum", "name": "bignum", "version": "1.0"}],
        },
        {
            "type": "operating-system",
            "bom-ref": "rtos",
            "manufacturer": {"name": "Kernel Works"},
            "name": "smallrtos",
            "version": "10.4",
        },
    ],
    "services": [{"bom-ref": "cloud", "name": "telemetry"}],
    "dependencies": [{"ref": "pump", "dependsOn": ["tls", "rtos", "cloud"]}, {"ref": "tls", "dependsOn": ["bignum"]}],
    "compositions": [{"aggregate": "complete", "assemblies": ["pump"]}],
    "vulnerabilities": [
        {
            "id": "CVE-2024-0002",
            "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#tls"}],
            "analysis": {"state": "not_affected", "justification": "code_not_reachable", "detail": "Not compiled in."},
            "properties": [{"name": "cdx:fda:kev-listed", "value": "false"}],
        }
    ],
}

CYCLONEDX_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="{CYCLONEDX["serialNumber"]}" version="1">
  <metadata>
    <timestamp>2026-02-03T10:00:00Z</timestamp>
    <lifecycles><lifecycle><phase>build</phase></lifecycle></lifecycles>
    <tools><components>
      <component type="application"><name>bomtool</name><version>2.1</version></component>
    </components></tools>
    <authors><author><name>Ada Builder</name></author></authors>
    <component type="device" bom-ref="pump">
      <supplier><name>Example Devices</name></supplier>
      <name>Pump One</name><version>3.2.0</version>
      <components>
        <component type="firmware" bom-ref="boot"><name>bootloader</name><version>7</version></component>
      </components>
    </component>
    <manufacturer><name>Example Devices</name></manufacturer>
  </metadata>
  <components>
    <component type="library" bom-ref="tls">
      <supplier><name>Tls Project</name></supplier>
      <name><![CDATA[tinytls]]></name>
      <version>2.28.0</version>
      <hashes><hash alg="SHA-256">{SHA256.upper()}</hash></hashes>
      <licenses><license><id>Apache-2.0</id></license></licenses>
      <cpe>cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*</cpe>
      <purl>pkg:generic/tinytls@2.28.0</purl>
      <pedigree><patches><patch type="backport"><resolves>
        <issue type="security"><id>CVE-2024-0001</id></issue><issue type="defect"><id>BUG-7</id></issue>
      </resolves></patch></patches></pedigree>
      <properties>
        <property name="cdx:fda:level-of-support">actively-maintained</property>
        <property name="cdx:fda:end-of-support-date">2027-12-31</property>
        <property name="syft:cpe23">cpe:2.3:a:tinytls:tinytls:2.28.0:*:*:*:*:*:*:*</property>
      </properties>
      <components>
        <component type="library" bom-ref="bignum"><name>bignum</name><version>1.0</version></component>
      </components>
    </component>
    <component type="operating-system" bom-ref="rtos">
      <manufacturer><name>Kernel Works</name></manufacturer>
      <name>smallrtos</name><version>10.4</version>
    </component>
  </components>
  <services><service bom-ref="cloud"><name>telemetry</name></service></services>
  <dependencies>
    <dependency ref="pump"><dependency ref="tls"/><dependency ref="rtos"/><dependency ref="cloud"/></dependency>
    <dependency ref="tls"><dependency ref="bignum"/></dependency>
  </dependencies>
  <compositions><composition>
    <aggregate>complete</aggregate><assemblies><assembly ref="pump"/></assemblies>
  </composition></compositions>
  <vulnerabilities><vulnerability>
    <id>CVE-2024-0002</id>
    <analysis>
      <state>not_affected</state><justification>code_not_reachable</justification><detail>Not compiled in.</detail>
    </analysis>
    <affects><target><ref>urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#tls</ref></target></affects>
    <properties><property name="cdx:fda:kev-listed">false</property></properties>
  </vulnerability></vulnerabilities>
</bom>
"""

SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "dataLicense": "CC0-1.0",
    "name": "pump-one-3.2.0",
    "documentNamespace": "https://devices.example/spdx/pump-one-3.2.0",
    "creationInfo": {
        "created": "2026-02-03T10:00:00Z",
        "creators": [
            "Tool: bomtool-2.1",
            "Organization: Example Devices (psirt@devices.example)",
            "Person: Ada Builder",
        ],
    },
    "packages": [
        {
            "SPDXID": "SPDXRef-pump",
            "name": "Pump One",
            "versionInfo": "3.2.0",
            "primaryPackagePurpose": "DEVICE",
            "supplier": "Organization: Example Devices",
            "downloadLocation": "NOASSERTION",
        },
        {
            "SPDXID": "SPDXRef-tls",
            "name": "tinytls",
            "versionInfo": "2.28.0",
            "supplier": "NOASSERTION",
            "originator": "Organization: Tls Project (hello@tls.example)",
            "licenseDeclared": "Apache-2.0",
            "licenseConcluded": "NOASSERTION",
            "validUntilDate": "2027-12-31T00:00:00Z",
            "checksums": [{"algorithm": "SHA256", "checksumValue": SHA256}],
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": "pkg:generic/tinytls@2.28.0",
                },
                {
                    "referenceCategory": "SECURITY",
                    "referenceType": "cpe23Type",
                    "referenceLocator": "cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*",
                },
                {
                    "referenceCategory": "SECURITY",
                    "referenceType": "cpe22Type",
                    "referenceLocator": "cpe:/a:tinytls:tinytls:2.28.0",
                },
                {
                    "referenceCategory": "SECURITY",
                    "referenceType": "advisory",
                    "referenceLocator": "https://nvd.nist.gov/vuln/detail/CVE-2024-0002",
                },
            ],
            "annotations": [
                {
                    "annotator": "Person: Ada Builder",
                    "annotationDate": "2026-02-03T10:00:00Z",
                    "annotationType": "OTHER",
                    "comment": "cdx:fda:level-of-support: actively-maintained",
                }
            ],
        },
        {"SPDXID": "SPDXRef-rtos", "name": "smallrtos", "versionInfo": "10.4", "supplier": "Person: Kernel Works"},
    ],
    "files": [{"SPDXID": "SPDXRef-file", "fileName": "./tls.c", "checksums": []}],
    "relationships": [
        {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-pump"},
        {"spdxElementId": "SPDXRef-tls", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-pump"},
        {"spdxElementId": "SPDXRef-pump", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-rtos"},
        {"spdxElementId": "SPDXRef-tls", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-file"},
        {"spdxElementId": "SPDXRef-tls", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"},
    ],
}

SPDX_TAG_VALUE = f"""# written by hand
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: pump-one-3.2.0
DocumentNamespace: https://devices.example/spdx/pump-one-3.2.0
Creator: Tool: bomtool-2.1
Creator: Organization: Example Devices (psirt@devices.example)
Creator: Person: Ada Builder
Created: 2026-02-03T10:00:00Z
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-pump

PackageName: Pump One
SPDXID: SPDXRef-pump
PackageVersion: 3.2.0
PrimaryPackagePurpose: DEVICE
PackageSupplier: Organization: Example Devices
PackageDescription: <text>A pump.
PackageName: this is still the description
</text>

PackageName: tinytls
SPDXID: SPDXRef-tls
PackageVersion: 2.28.0
PackageSupplier: NOASSERTION
PackageOriginator: Organization: Tls Project (hello@tls.example)
PackageChecksum: SHA256: {SHA256}
PackageLicenseDeclared: Apache-2.0
PackageLicenseConcluded: NOASSERTION
ValidUntilDate: 2027-12-31T00:00:00Z
ExternalRef: PACKAGE-MANAGER purl pkg:generic/tinytls@2.28.0
ExternalRef: SECURITY cpe23Type cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*
ExternalRef: SECURITY cpe22Type cpe:/a:tinytls:tinytls:2.28.0
ExternalRef: SECURITY advisory https://nvd.nist.gov/vuln/detail/CVE-2024-0002
FileName: ./tls.c
SPDXID: SPDXRef-file

PackageName: smallrtos
SPDXID: SPDXRef-rtos
PackageVersion: 10.4
PackageSupplier: Person: Kernel Works

Relationship: SPDXRef-tls DEPENDENCY_OF SPDXRef-pump
Relationship: SPDXRef-pump CONTAINS SPDXRef-rtos
Relationship: SPDXRef-tls CONTAINS SPDXRef-file
Relationship: SPDXRef-tls DEPENDS_ON NONE

Annotator: Person: Ada Builder
AnnotationDate: 2026-02-03T10:00:00Z
AnnotationType: OTHER
SPDXREF: SPDXRef-tls
AnnotationComment: <text>cdx:fda:level-of-support: actively-maintained</text>
"""

_ID = "https://devices.example/pump/"
SPDX_3: dict[str, Any] = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {
            "type": "CreationInfo",
            "@id": "_:made",
            "specVersion": "3.0.1",
            "created": "2026-02-03T10:00:00Z",
            "createdBy": [_ID + "ada"],
            "createdUsing": [_ID + "bomtool"],
        },
        {"type": "Person", "spdxId": _ID + "ada", "name": "Ada Builder", "creationInfo": "_:made"},
        {"type": "Tool", "spdxId": _ID + "bomtool", "name": "bomtool 2.1", "creationInfo": "_:made"},
        {"type": "Organization", "spdxId": _ID + "tlsproject", "name": "Tls Project", "creationInfo": "_:made"},
        {
            "type": "SpdxDocument",
            "spdxId": _ID + "document",
            "name": "pump-one-3.2.0",
            "creationInfo": "_:made",
            "rootElement": [_ID + "sbom"],
        },
        {
            "type": "software_Sbom",
            "spdxId": _ID + "sbom",
            "creationInfo": "_:made",
            "software_sbomType": ["build"],
            "rootElement": [_ID + "pump"],
        },
        {
            "type": "software_Package",
            "spdxId": _ID + "pump",
            "name": "Pump One",
            "software_packageVersion": "3.2.0",
            "software_primaryPurpose": "device",
        },
        {
            "type": "software_Package",
            "spdxId": _ID + "tls",
            "name": "tinytls",
            "software_packageVersion": "2.28.0",
            "software_packageUrl": "pkg:generic/tinytls@2.28.0",
            "suppliedBy": _ID + "tlsproject",
            "supportLevel": ["support"],
            "validUntilTime": "2027-12-31T00:00:00Z",
            "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": SHA256}],
            "externalIdentifier": [
                {
                    "type": "ExternalIdentifier",
                    "externalIdentifierType": "cpe23",
                    "identifier": "cpe:2.3:a:tls_project:tinytls:2.28.0:*:*:*:*:*:*:*",
                },
                {
                    "type": "ExternalIdentifier",
                    "externalIdentifierType": "cpe22",
                    "identifier": "cpe:/a:tinytls:tinytls:2.28.0",
                },
            ],
        },
        {
            "type": "software_Package",
            "spdxId": _ID + "rtos",
            "name": "smallrtos",
            "software_packageVersion": "10.4",
            "software_primaryPurpose": "operatingSystem",
        },
        {"type": "software_File", "spdxId": _ID + "file", "name": "./tls.c"},
        {
            "type": "simplelicensing_LicenseExpression",
            "spdxId": _ID + "apache",
            "simplelicensing_licenseExpression": "Apache-2.0",
        },
        {
            "type": "Relationship",
            "spdxId": _ID + "r1",
            "from": _ID + "pump",
            "relationshipType": "dependsOn",
            "to": [_ID + "tls"],
            "completeness": "complete",
        },
        {
            "type": "Relationship",
            "spdxId": _ID + "r2",
            "from": _ID + "pump",
            "relationshipType": "contains",
            "to": [_ID + "rtos"],
        },
        {
            "type": "Relationship",
            "spdxId": _ID + "r3",
            "from": _ID + "tls",
            "relationshipType": "contains",
            "to": [_ID + "file"],
        },
        {
            "type": "Relationship",
            "spdxId": _ID + "r4",
            "from": _ID + "tls",
            "relationshipType": "hasDeclaredLicense",
            "to": [_ID + "apache"],
        },
        {"type": "security_Vulnerability", "spdxId": _ID + "v", "name": "CVE-2024-0002"},
        {
            "type": "security_VexNotAffectedVulnAssessmentRelationship",
            "spdxId": _ID + "r5",
            "from": _ID + "v",
            "relationshipType": "doesNotAffect",
            "to": [_ID + "tls"],
            "security_justificationType": "vulnerableCodeNotInExecutePath",
        },
    ],
}


def encode(document: object) -> bytes:
    """A JSON sample as the bytes of a file."""
    return json.dumps(document).encode()


EVERY_FORMAT: dict[str, bytes] = {
    "CycloneDX JSON": encode(CYCLONEDX),
    "CycloneDX XML": CYCLONEDX_XML.encode(),
    "SPDX JSON": encode(SPDX),
    "SPDX tag-value": SPDX_TAG_VALUE.encode(),
    "SPDX 3 JSON-LD": encode(SPDX_3),
}

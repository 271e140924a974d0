"""SBOMs and what they list: uploading, one SBOM, components, ends of support, alias entries, the API's description."""

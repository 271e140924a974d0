"""Order-preserving version keys per scheme, ranges over them, and the identifiers (purl, CPE) that carry versions."""

"""Incidents at hospitals: opened, planned, approved by the clinical lead, carried out, restored, printed."""

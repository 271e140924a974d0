"""Intake: what researchers, hospitals, suppliers and our own people report."""

"""Devices, their versions' place in the field, suppliers, proposals: what people see and change of the inventory."""

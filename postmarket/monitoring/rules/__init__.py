"""Pure decisions of monitoring: no Django, no clock of their own."""

"""Pure decisions of cases: no Django, no clock of their own."""

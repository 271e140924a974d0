"""Pure decisions of the inventory: no Django, no clock of their own."""

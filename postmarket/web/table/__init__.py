"""
The table of the site: sorted, filtered, paged and exported by the server; the address says which view is shown.

    NAME = Column(key="name", label="Device", value=lambda device: device.name, order="name")
    DEVICES = Table(name="devices", columns=(NAME, …))

    def devices(request):
        table = DEVICES.bind(request, queries.devices())
        return table.export() or render(request, "web/devices.html", {"table": table})

and in the template: `{% table table %}`.
"""

from postmarket.web.table.bound import BoundTable
from postmarket.web.table.columns import Column
from postmarket.web.table.filters import Choice, Search
from postmarket.web.table.rows import Rows
from postmarket.web.table.table import Table

__all__ = ["BoundTable", "Choice", "Column", "Rows", "Search", "Table"]

"""Departments, projects and locations of PowerOffice Go, as far as a configuration names them.

Source: the interface description; PowerOffice facts, section 12.
"""

from woo2po.poweroffice.calls import Calls

# The list of each kind, and the filter by code in it.
_LISTS = {
    "department": ("Departments", "codes"),
    "project": ("Projects", "projectCodes"),
    "location": ("Locations", "codes"),
}


class Dimensions:
    """Looks codes up. Raises what PowerOffice's other reads raise."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def is_active(self, kind: str, code: str) -> bool | None:
        """Tell whether a code of a kind ("department" ...) may be used; None: there is none."""
        path, name = _LISTS[kind]
        rows = await self._calls.rows(path, ("Id", "Code", "IsActive"), {name: code})
        found = [row.flag("IsActive") is not False for row in rows if row.text("Code") == code]
        return any(found) if found else None

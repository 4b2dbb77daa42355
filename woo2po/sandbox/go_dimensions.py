"""Calls that list departments, projects and locations."""

from collections.abc import Iterator
from typing import Any

from woo2po.sandbox.go_calls import Answer, Call, endpoint, listed
from woo2po.sandbox.go_shapes import DEPARTMENT, LOCATION, PROJECT
from woo2po.sandbox.go_values import LONG_AGO

CHANGED = "createdDateTimeOffsetGreaterThan"
LAST = "lastChangedDateTimeOffsetGreaterThan"


def _rows(call: Call, kind: str, codes: str) -> Iterator[dict[str, Any]]:
    for code, number in call.view.dimensions.get(kind, {}).items():
        if call.one_of(codes, code) and call.later(CHANGED, LONG_AGO):
            stamps = {"CreatedDateTimeOffset": LONG_AGO, "LastChangedDateTimeOffset": LONG_AGO}
            yield {"Id": number, "Code": code, "Name": code, "IsActive": True, **stamps}


@endpoint(
    "GET", "/Departments", "Department", f"codes name isActive managerEmployeeNo {CHANGED} {LAST}",
    pages=True,
)  # fmt: skip
def departments(call: Call) -> Answer:
    """The departments."""
    return listed(call, DEPARTMENT, _rows(call, "department", "codes"))


@endpoint(
    "GET", "/Projects", "Project",
    f"customerNos departmentCodes excludeArchivedProject includeSubProjects name projectCodes"
    f" projectManagerEmployeeNos status {CHANGED} {LAST}", pages=True,
)  # fmt: skip
def projects(call: Call) -> Answer:
    """The projects."""
    return listed(call, PROJECT, _rows(call, "project", "projectCodes"))


@endpoint("GET", "/Locations", "Location", f"codes {CHANGED}", pages=True)
def locations(call: Call) -> Answer:
    """The locations."""
    return listed(call, LOCATION, _rows(call, "location", "codes"))

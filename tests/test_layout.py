"""How the program is laid out: who may import whom, what an idle run may load, what stays out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from served import GOES, served, started

import woo2po

PACKAGE = Path(woo2po.__file__).parent
ROOT = PACKAGE.parent
MODULES = {
    ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}

# A room is a package or a module beside the packages. Values and decisions, without a clock, a
# file, a socket or a log:
PURE = {"mapping", "next_step", "documents", "money", "holds", "record", "order"}
CLIENTS = {"woocommerce", "poweroffice"}
FOUNDATION = {"sandbox", "http", "logs", "money", "holds", "documents", "screen"}
FEATURES = {"check", "commands", "demo", "payouts", "preview", "probe", "proof", "schedule",
            "show", "status", "setup"}  # fmt: skip
# What decides and does. It knows no feature; who reads the code begins here.
JOB = PURE | CLIENTS | {"agenda", "run", "pull", "transfer", "store", "connections", "config"}
MAY_KNOW = {  # beside the rest of what is here: who alone may import it
    "sandbox": {"commands", "demo"},
    "config.load": {"commands", "demo", "move"},
    "pydantic_settings": {"config"},
    "sqlite3": {"store"},
    "sqlite_utils": {"store"},
}
# Who alone does it; the built-in systems apart.
CALLS = {"asyncio.run": {"demo", "stopping"}, "sys.exit": {"cli"}, "datetime.now": {"commands"}}
WRITERS = {"transfer.steps", "transfer.invoices", "transfer.payments", "setup", "probe", "payouts"}
WRITES = re.compile(
    r"create_(customer|delivery_address|product|sales_order|voucher)|(add|change|delete)_line"
    r"|change_header|delete_draft|send_invoice|raw_call"
)
IMPURE = re.compile(
    r"(asyncio|filelock|httpx|io|logging|os|pathlib|random|shutil|socket|sqlite3|sqlite_utils|ssl"
    r"|structlog|subprocess|sys|tempfile|tenacity|threading|time)(\..*)?"
)
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE FROM|PRAGMA|BEGIN|CREATE) ")
PATHS = {"poweroffice": re.compile(r"/(SalesOrders|Customers|Products)"),
         "woocommerce": re.compile(r"\S*wc/v3\S*$")}  # fmt: skip


@cache
def nodes_of(name: str) -> list[ast.AST]:
    """Return all that a module has, but what is there for the type checker alone."""
    return list(_what_runs(ast.parse(MODULES[name].read_text("utf-8"))))


def _what_runs(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _what_runs(child)


def imports_of(name: str) -> set[str]:
    """Return what a module imports, inside functions too; what is ours without "woo2po."."""
    found: set[str] = set()
    for node in nodes_of(name):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            whole = {one.removeprefix("woo2po.") for one in parts} <= set(MODULES)
            found |= parts if whole else {*parts, node.module or ""}
    return {one.removeprefix("woo2po.") for one in found - {"woo2po"}}


def rooms_known(name: str) -> set[str]:
    """Return the other rooms that a module imports from."""
    return {room(one) for one in imports_of(name) if room(one) in ROOMS} - {room(name)}


def room(name: str) -> str:
    return name.partition(".")[0]


def texts_in(name: str) -> list[str]:
    return [x.value for x in nodes_of(name) if isinstance(x, ast.Constant) and type(x.value) is str]


def modules_in(rooms: set[str]) -> list[str]:
    return [name for name in MODULES if room(name) in rooms]


ROOMS = {room(name) for name in MODULES} - {"__init__"}


# -- who may import whom ---------------------------------------------------------------------------


def test_modules_do_not_know_each_other_in_a_circle():
    """Whatever is read, there is something to read before it. A room that is renamed takes its
    rules along.
    """
    named = PURE | CLIENTS | FOUNDATION | FEATURES | JOB
    assert named - ROOMS == WRITERS - set(MODULES) == set()
    graph = {name: imports_of(name) & set(MODULES) - {name} for name in MODULES}
    assert len([*TopologicalSorter(graph).static_order()]) == len(MODULES)


KNOWS_NOTHING_OF = {  # why; the rooms; the rooms that none of them may know
    "a feature may be taken away, and orders go as before": (JOB, FEATURES),
    "what an order should be, and what happens next to it, are two questions": (
        {"mapping"}, {"next_step"}),
    "what happens next is decided whatever is configured": ({"next_step"}, {"mapping", "config"}),
    "what shop, PowerOffice or database is changed for leaves the others alone": (
        CLIENTS | {"store"}, CLIENTS | {"store", "mapping", "transfer"}),
    "what everything stands on knows nothing of ours": (FOUNDATION, ROOMS - FOUNDATION),
    "sharing code with the job, the stand-ins would be wrong together with it": (
        {"sandbox"}, ROOMS),
}  # fmt: skip


@pytest.mark.parametrize("why", KNOWS_NOTHING_OF)
def test_rooms_that_know_nothing_of_each_other(why):
    """Whatever else a module is for."""
    rooms, unknown = KNOWS_NOTHING_OF[why]
    for name in modules_in(rooms):
        assert not rooms_known(name) & unknown, name


@pytest.mark.parametrize("name", modules_in(PURE))
def test_the_pure_part_does_no_io_and_reads_no_clock(name):
    """The mapping and the decisions are functions of what they are given, and know no edge."""
    assert [one for one in imports_of(name) if IMPURE.fullmatch(one)] == []
    assert not rooms_known(name) & (CLIENTS | {"store", "transfer", "connections", "http"})
    calls = [node.func for node in nodes_of(name) if isinstance(node, ast.Call)]
    called = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    assert not called & {"now", "utcnow", "today"}


@pytest.mark.parametrize("what", MAY_KNOW)
def test_few_may_know_it(what):
    """What runs in production reaches no stand-in; SQL is the store's; settings are handed on."""
    knowing = {
        room(name)
        for name in MODULES
        if any(f"{one}.".startswith(f"{what}.") for one in imports_of(name))
    }
    assert knowing - {what} <= MAY_KNOW[what]


@pytest.mark.parametrize("what", CALLS)
def test_what_belongs_to_the_process_stands_at_its_edge(what):
    """One place starts the loop, ends the process and reads the clock."""
    found = {
        room(name)
        for name in MODULES
        for node in nodes_of(name)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == what
    }
    assert found - {"sandbox"} == CALLS[what]


def test_sentences_and_addresses_stand_where_they_are_spoken():
    """SQL in the store, PowerOffice's paths in its client, those of WooCommerce in the shop's."""
    for name in MODULES:
        texts = texts_in(name)
        assert room(name) == "store" or not [text for text in texts if SQL.match(text)], name
        for client, path in PATHS.items():
            known = [text for text in texts if path.match(text)]
            assert not known or room(name) in {client, "sandbox"}, (name, known)


def test_few_modules_write_to_poweroffice():
    """Nothing is sent unrecorded. (What a person does in the stand-in is no matter of ours.)"""
    writing = {
        name if room(name) == "transfer" else room(name)
        for name in MODULES
        for node in nodes_of(name)
        if isinstance(node, ast.Attribute) and WRITES.fullmatch(node.attr)
    }
    assert writing - {"poweroffice", "sandbox"} == WRITERS


# -- what an idle run may load ---------------------------------------------------------------------

NOT_WHEN_IDLE = (
    "jinja2", "rich", "sqlite_utils", "stdnum", "tabulate", "tenacity", "uvicorn",
    "woo2po.documents", "woo2po.order", "woo2po.transfer", "woo2po.mapping", "woo2po.poweroffice",
    "woo2po.store.migrations", "woo2po.preview", "woo2po.sandbox", "woo2po.setup",
)  # fmt: skip
LOOK = """
import sys
from woo2po.cli import cli
try:
    cli.main(sys.argv[1:])
except SystemExit as end:
    print(end.code, file=sys.stderr)
print(*sys.modules)
"""


def modules_after(*arguments: str) -> set[str]:
    """Return what a fresh process has loaded after a command that ends with 0."""
    done = started(*arguments, code=LOOK)
    assert done.stderr.splitlines()[-1] == "0", done.stderr
    return set(done.stdout.splitlines()[-1].split())


def loaded_of(names: tuple[str, ...], modules: set[str]) -> set[str]:
    return {name for name in names if any(f"{m}.".startswith(f"{name}.") for m in modules)}


def test_an_idle_run_loads_and_asks_only_what_it_needs(tmp_path):
    """Every five minutes, mostly for nothing: one request to the shop, none to PowerOffice."""
    with served(tmp_path, [GOES]) as both:
        assert both.woo2po("run").exit_code == 0
        both.shop.requests.clear()
        both.go.requests.clear()
        both.listen()
        modules = modules_after("run", "--config", str(both.config))
        assert [asked.method for asked in both.shop.requests] == ["GET"]
        assert both.go.requests == []
    assert loaded_of(NOT_WHEN_IDLE, modules) == set()
    assert "woo2po.woocommerce" in modules


def test_help_loads_none_of_the_work():
    """`woo2po --help` is quick: the commands import their work themselves."""
    heavy = ("asyncio", "httpx", "pydantic", "sqlite3", "sqlite_utils", "woo2po.config")
    assert loaded_of(heavy, modules_after("--help")) == set()


# -- what stays out --------------------------------------------------------------------------------


def test_a_name_says_what_is_inside_and_a_class_name_stands_for_one_thing():
    """The stand-ins apart, which have the field's words for the other side."""
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    ours = [*MODULES.values(), *(ROOT / "tests").rglob("*.py")]
    assert not drawers & {file.stem for file in ours}
    found: dict[str, set[str]] = {}
    for name in modules_in(ROOMS - {"sandbox"}):
        for node in nodes_of(name):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, set()).add(name)
    assert {one: names for one, names in found.items() if len(names) > 1} == {}


def texts() -> Iterator[Path]:
    """Yield the text files of the repository, as far as a person or a helper wrote them."""
    kinds = {".py", ".md", ".toml", ".json", ".txt", ".example"}
    for folder in ("woo2po", "tests", ".ci"):
        yield from (f for f in (ROOT / folder).rglob("*") if f.suffix in kinds or f.name == "run")
    yield from (
        f for f in ROOT.iterdir() if f.suffix in kinds or f.name in {".gitignore", "LICENSE"}
    )


def test_nothing_is_left_open_or_tied_to_a_machine():
    """No notes to ourselves, no tests that do not run, no paths of somebody's computer."""
    left_open = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "pragma: no " + "cover")
    not_run = ("mark." + "skip", "mark." + "xfail", "pytest." + "skip")
    machine = ("/wo" + "rk/", "/ro" + "ot/", "/tm" + "p/", "/fa" + "rm/")
    for file in texts():
        text = file.read_text("utf-8", errors="replace")
        found = [word for word in (*left_open, *not_run, *machine) if word in text]
        assert not found, f"{file.relative_to(ROOT)}: {found}"

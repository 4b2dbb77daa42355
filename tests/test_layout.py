"""How the program is laid out: who may import whom, what an idle run may load, what stays out."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import GOES, served

import woo2po

PACKAGE = Path(woo2po.__file__).parent
ROOT = PACKAGE.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
OURS = [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]

# Who stands above whom: a module imports only from lines below its own, and those of one line
# do not know each other.
ONE_NAME = {"check", "commands", "mapping", "messages", "probe", "reconcile", "sandbox"}
ONE_NAME |= {"schedule", "http"}
LINES = """
__main__
cli
commands
wizard
wizard.ending wizard.prepare
wizard.trials wizard.writing wizard.making
wizard.beyond
wizard.connect wizard.thirteen
wizard.asking
wizard.privileges
wizard.accounts
wizard.products wizard.reading
wizard.terminal wizard.script
wizard.dialogue wizard.draft wizard.start
wizard.state
wizard.address wizard.files wizard.typed
wizard.fields
wizard.searched
wizard.kinds
check probe
demo preview.showing reconcile shops show
preview
schedule
accountant preview.data status_screen
poll status
delivery one_order preview.page preview.text show.history show.comparison monitoring
delivery.push delivery.vouchers preview.foretelling preview.wording
preview.rehearsal
delivery.credit_notes
delivery.carry delivery.credited
delivery.steps delivery.looking
delivery.steps_customer delivery.steps_invoice
delivery.attempt delivery.wanting delivery.watch delivery.settle pull
delivery.transfer
delivery.catalogue_cache delivery.customers
survey
connections survey.shop survey.books survey.needs
poweroffice.probing
woocommerce poweroffice store
poweroffice.booked
woocommerce.sales woocommerce.about
woocommerce.lists poweroffice.bodies poweroffice.fields poweroffice.token store.orders
woocommerce.requests poweroffice.calls
store.writes store.vouchers
show.differing preview.sums
store.found page preview.values
woocommerce.answers mapping next_step poweroffice.answers store.database report stopping when
draft store.migrations http settings.example preview.script preview.style
booked catalogue record settings order logs
settings.problems
documents settings.sections money holds messages
settings.section files screen language
sandbox
"""
HEIGHT = {name: -place for place, line in enumerate(LINES.split("\n")) for name in line.split()}

# The pure part: values and decisions, without a clock, a file, a socket or a log.
PURE = (
    "mapping",
    "next_step",
    "draft",
    "documents",
    "money",
    "holds",
    "catalogue",
    "record",
    "order",
    "wizard.kinds",
    "wizard.searched",
    "wizard.fields",
    "wizard.address",
    "wizard.state",
    "wizard.products",
    "wizard.accounts",
    "wizard.privileges",
    "wizard.asking",
    "wizard.connect",
    "wizard.thirteen",
    "wizard.beyond",
    "wizard.draft",
)
IMPURE = re.compile(
    r"(asyncio|filelock|httpx|io|logging|os|pathlib|random|shutil|socket|sqlite3|sqlite_utils|ssl"
    r"|structlog|subprocess|sys|tempfile|tenacity|threading|time)(\..*)?"
)

# Only these know SQL.
STATE = {
    "store",
    "store.found",
    "store.orders",
    "store.writes",
    "store.vouchers",
    "store.database",
    "store.migrations",
}
WRITES = {
    "create_customer",
    "create_delivery_address",
    "create_product",
    "create_sales_order",
    "add_line",
    "change_line",
    "delete_line",
    "change_header",
    "delete_draft",
    "send_invoice",
    "create_voucher",
    "write_raw",
}
WRITERS = {
    "delivery.steps",
    "delivery.steps_customer",
    "delivery.steps_invoice",
    "delivery.vouchers",
    "wizard.making",
    "probe",
}


def name_of(file: Path) -> str:
    """Return a module's name below woo2po; the parts of some packages bear the package's name."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    if parts[0] in ONE_NAME or parts[1:] == ("__init__",):
        return parts[0]
    return ".".join(parts)


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imports_of(file: Path) -> set[str]:
    """Return what a file imports, inside functions too, but not for the type checker alone."""
    found: set[str] = set()
    for node in walk_what_runs(tree_of(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def walk_what_runs(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from walk_what_runs(child)


def of_ours(imported: set[str]) -> set[str]:
    """Return the modules of ours among what is imported, by the names that LINES has."""
    below = [name.split(".")[1:] for name in imported if name.startswith("woo2po.")]
    names = {name[0] if name[0] in ONE_NAME else ".".join(name[:2]) for name in below}
    # What a package itself offers is imported from it by name.
    return {name if name in HEIGHT else name.split(".")[0] for name in names} & set(HEIGHT)


def libraries(imported: set[str]) -> set[str]:
    return {name for name in imported if not name.startswith("woo2po")}


def files_of(*names: str) -> list[Path]:
    return [file for file in MODULES if name_of(file) in names]


# -- who may import whom ---------------------------------------------------------------------------


def test_every_module_has_its_line():
    """A new module is put where it belongs before it is used."""
    assert {name_of(file) for file in MODULES} - {"__init__"} == set(HEIGHT)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_imports_only_from_lines_below_its_own(file):
    """Data flows down the page; nothing reaches up, and neighbours do not know each other."""
    own = name_of(file)
    if own == "__init__":
        assert of_ours(imports_of(file)) == set()
        return
    for other in of_ours(imports_of(file)) - {own}:
        assert HEIGHT[other] < HEIGHT[own], f"{own} imports {other}"


@pytest.mark.parametrize("file", files_of(*PURE), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_the_pure_part_does_no_io_and_reads_no_clock(file):
    """The mapping and the decisions are functions of what they are given."""
    assert [name for name in libraries(imports_of(file)) if IMPURE.fullmatch(name)] == []
    calls = [node.func for node in ast.walk(tree_of(file)) if isinstance(node, ast.Call)]
    called = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    assert not called & {"now", "utcnow", "today"}


def test_mapping_and_next_step_do_not_know_each_other():
    """What an order should be, and what happens next to it, are two questions."""
    for file in files_of("mapping"):
        assert "next_step" not in of_ours(imports_of(file))
    for file in files_of("next_step", "draft"):
        assert not of_ours(imports_of(file)) & {"mapping", "settings"}


def test_the_edges_do_not_know_each_other():
    """Shop, PowerOffice and state database: what one is changed for leaves the others alone."""
    edges = {
        "shop": {name for name in HEIGHT if name.startswith("woocommerce")},
        "poweroffice": {name for name in HEIGHT if name.startswith("poweroffice")},
        "state": STATE,
    }
    for edge, own in edges.items():
        others = set().union(*(names for other, names in edges.items() if other != edge))
        for file in files_of(*own):
            assert not of_ours(imports_of(file)) & others, file.name


def test_the_sandbox_imports_nothing_else_of_ours():
    """It shares no code with the mapping or the clients, else both would be wrong together."""
    for file in files_of("sandbox"):
        assert of_ours(imports_of(file)) <= {"sandbox"}, file.name


def test_only_the_demo_and_the_command_line_know_the_sandbox():
    """What runs in production never reaches the stand-ins."""
    knowing = {name_of(f) for f in MODULES if "sandbox" in of_ours(imports_of(f))}
    assert knowing == {"accountant", "commands", "demo", "sandbox"}


def test_only_the_store_knows_sql():
    """SQLite, and sentences of SQL, stand in the store and beside it."""
    sql = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE FROM|PRAGMA|BEGIN|CREATE) ")
    for file in MODULES:
        if name_of(file) not in STATE:
            assert not libraries(imports_of(file)) & {"sqlite3", "sqlite_utils"}, file.name
            assert not [text for text in texts_in(file) if sql.match(text)], file.name


def texts_in(file: Path) -> list[str]:
    nodes = ast.walk(tree_of(file))
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def test_only_the_clients_know_addresses():
    """Paths of PowerOffice stand in its client, those of WooCommerce in the shop's."""
    for file in MODULES:
        known = {
            text for text in texts_in(file) if re.match(r"/(SalesOrders|Customers|Products)", text)
        }
        assert not known or name_of(file).startswith(("poweroffice", "sandbox")), file.name
        known = {text for text in texts_in(file) if "wc/v3" in text and " " not in text}
        assert not known or name_of(file) in {
            "woocommerce",
            "woocommerce.lists",
            "woocommerce.requests",
            "sandbox",
        }, file.name


def test_only_the_steps_and_the_vouchers_write_to_poweroffice():
    """Few modules call what changes something there, so that nothing is sent unrecorded."""
    writers = {
        name_of(file)
        for file in MODULES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute) and node.attr in WRITES
    }
    writers -= {name for name in HEIGHT if name.startswith("poweroffice")}
    writers -= {"sandbox"}  # what a person does in the stand-in
    assert writers == WRITERS


def test_the_settings_are_loaded_by_the_commands_alone():
    """Everybody else is handed them."""
    loading = {name_of(file) for file in MODULES if "woo2po.settings.load" in imports_of(file)}
    assert loading == {"commands", "demo"}
    reading = {name_of(f) for f in MODULES if "pydantic_settings" in libraries(imports_of(f))}
    assert reading == {"settings"}


@pytest.mark.parametrize(
    ("call", "where"),
    [
        ("asyncio.run", {"demo", "stopping"}),
        ("sys.exit", {"cli"}),
        ("datetime.now", {"commands", "demo"}),
    ],
)
def test_what_belongs_to_the_process_stands_at_its_edge(call, where):
    """One place starts the loop, ends the process and reads the clock."""
    found = {
        name_of(file)
        for file in MODULES
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == call
    }
    assert found - {"sandbox"} == where


# -- what an idle run may load ---------------------------------------------------------------------

NOT_WHEN_IDLE = (
    "jinja2",
    "rich",
    "sqlite_utils",
    "starlette",
    "stdnum",
    "tabulate",
    "tenacity",
    "tomlkit",
    "uvicorn",
    "woo2po.catalogue",
    "woo2po.delivery",
    "woo2po.mapping",
    "woo2po.store.migrations",
    "woo2po.poweroffice",
    "woo2po.preview",
    "woo2po.delivery.push",
    "woo2po.preview.rehearsal",
    "woo2po.sandbox",
    "woo2po.delivery.steps",
    "woo2po.wizard",
)
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
    command = [sys.executable, "-c", LOOK, *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True)
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
    heavy = ("asyncio", "httpx", "pydantic", "sqlite3", "sqlite_utils", "woo2po.settings")
    assert loaded_of(heavy, modules_after("--help")) == set()


# -- what stays out --------------------------------------------------------------------------------


def test_no_module_is_a_drawer():
    """A name says what is inside."""
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert not drawers & {file.stem for file in OURS}


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

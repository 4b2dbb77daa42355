"""A settlement report of 500,000 rows: what reading, matching and telling it costs.

    python -m tests.benchmarks.payouts [ROWS]

A year of a Vipps shop's days, each with its captures, a fee and a payout, as the portal writes
them. The job runs as it is installed and books nothing; every row is of the shop's one order.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.scene import *
from woo2po.sandbox.shop_orders import recorded

DAYS = 365
HEAD = (
    "Salgssted,MSN/Vippsnummer,Land,Betalingsløsning,Tidspunkt,Bokføringsdato,Type,Beløp,Balanse,"
    "Gebyr,Nettobeløp,Valuta,Kundens navn,Kundens telefonnummer,Melding,Kategori,PSP-referanse,"
    "Ordre-ID/Referanse,Utbetalingsnummer,Bankkonto for utbetaling,Planlagt utbetalingsdato\n"
)


def main(rows: int) -> int:
    figures = [told("the report, MB", rows * 205 / 1e6, ".0f")]
    with on_stage(Scene(orders=1)) as stage:
        file = stage.config.parent / "report.csv"
        for name, newest_first in (("oldest first", False), ("newest first", True)):
            write(file, rows, newest_first=newest_first)
            words = ["--config", str(stage.config), "payouts", str(file), "--dry-run"]
            done = finished([*RUN, *words], stage.config.parent)
            assert f"not booked: {DAYS}, held: 0" in " ".join(done.said.split())
            figures += [
                told(f"{name}: seconds", done.seconds, ".1f"),
                at_most("    processor seconds", done.cpu, 20, ".1f"),
                at_most("    peak memory, MB", done.peak, 150, ".0f"),
            ]
    return shown(f"a report of {rows:,} rows", figures)


def write(file: Path, rows: int, *, newest_first: bool = False) -> None:
    numbers = range(DAYS)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in reversed(numbers) if newest_first else numbers:
            lines = [*_day(number, rows // DAYS)]
            out.writelines(reversed(lines) if newest_first else lines)


def _day(number: int, captures: int) -> Iterator[str]:
    order = recorded("b2c-vipps-simple")["order"]["transaction_id"]
    day, psp, balance = date(2025, 10, 1) + timedelta(days=number), 10**10 + number * 10**5, 0

    def line(kind: str, ore: int, ref: str, ref2: str = "", more: str = ",,") -> str:
        start = f"Demo,512345,Norge,Recurring,{day} 10:00:00,{day},{kind}"
        amounts = f"{ore / 100:.2f},{balance / 100:.2f},,,NOK"
        return f"{start},{amounts},Kari Nordmann,+47 xxxx 5202,Takk,,{ref},{ref2},{more}\n"

    for n in range(captures):
        balance += 12900
        yield line("Belastning", 12900, str(psp + n), order)
    fee = -(balance // 50)
    balance += fee
    yield line("Gebyrer fratrukket", fee, f"412345-{day:%Y%m%d}")
    net, balance = balance, 0
    text = f"Utb. {2000000 + number} Vippsnr 512345"
    ends = f"{2000000 + number},12345678903,{day + timedelta(days=2)}"
    yield line("Utbetaling planlagt", -net, f"412345-{2000000 + number}", text, ends)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000))

"""A settlement report of 500,000 rows: what reading, matching and telling it costs.

    python -m tests.benchmarks.payouts [ROWS]

A year of a Vipps shop's days, each with its captures, a fee and a payout, as the portal writes
them. The job runs as it is installed and books nothing; every row is of the shop's one order.
"""

import json
import sys
from datetime import date, timedelta
from pathlib import Path

from tests.benchmarks.figures import at_most, shown, told
from tests.benchmarks.scene import RUN, Scene, finished, on_stage
from woo2po.sandbox.shop_orders import recorded

DAYS = 365
HEAD = (
    "Salgssted,MSN/Vippsnummer,Land,Betalingsløsning,Tidspunkt,Bokføringsdato,Type,Beløp,Balanse,"
    "Gebyr,Nettobeløp,Valuta,Kundens navn,Kundens telefonnummer,Melding,Kategori,PSP-referanse,"
    "Ordre-ID/Referanse,Utbetalingsnummer,Bankkonto for utbetaling,Planlagt utbetalingsdato\n"
)


def main(rows: int) -> int:
    """Measure and print; return the exit code."""
    with on_stage(Scene(orders=1)) as stage:
        file = stage.config.parent / "report.csv"
        write(file, rows)
        done = finished(
            [*RUN, "--config", str(stage.config), "payouts", str(file), "--dry-run", "--json"],
            stage.config.parent,
        )
        found = json.loads(done.said)["payouts"]
    assert len(found) == DAYS
    assert {one["state"] for one in found} == {"new"}
    figures = [
        told("the report, MB", rows * 205 / 1e6, ".0f"),
        told("seconds", done.seconds, ".1f"),
        at_most("processor seconds", done.cpu, 20, ".1f"),
        at_most("peak memory, MB", done.peak, 150, ".0f"),
    ]
    return shown(f"a report of {rows:,} rows", figures)


def write(file: Path, rows: int) -> None:
    """Write a report of so many captures, oldest first."""
    order = recorded("b2c-vipps-simple")["order"]["transaction_id"]
    day, psp = date(2025, 10, 1), 10**10
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for number in range(DAYS):
            balance = 0

            def line(kind: str, ore: int, ref: str, ref2: str = "", more: str = ",,") -> str:
                start = f"Demo,512345,Norge,Recurring,{day} 10:00:00,{day},{kind}"  # noqa: B023
                amounts = f"{ore / 100:.2f},{balance / 100:.2f},,,NOK"  # noqa: B023
                return f"{start},{amounts},Kari Nordmann,+47 xxxx 5202,Takk,,{ref},{ref2},{more}\n"

            for _ in range(rows // DAYS):
                balance, psp = balance + 12900, psp + 1
                out.write(line("Belastning", 12900, str(psp), order))
            fee = -(balance // 50)
            balance += fee
            out.write(line("Gebyrer fratrukket", fee, f"412345-{day:%Y%m%d}"))
            net, balance = balance, 0
            text = f"Utb. {2000000 + number} Vippsnr 512345"
            ends = f"{2000000 + number},12345678903,{day + timedelta(days=2)}"
            out.write(line("Utbetaling planlagt", -net, f"412345-{2000000 + number}", text, ends))
            day += timedelta(days=1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000))

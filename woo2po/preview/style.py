"""What the preview's page looks like beyond the frame that all pages share (page.py there)."""

STYLE = """
.warning { padding: .5rem 1rem; border-left: .4rem solid var(--wait); background: var(--soft); }
.tables { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem; }
.tables > :nth-child(n+3) { grid-column: 1 / -1; }
.which { white-space: normal; }
.items p { margin: .1rem 0; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  margin: 0 0 .8rem; }
.tools[hidden] { display: none; }
.tools input, .tools select, .tools button { font: inherit; color: inherit;
  background: var(--page); border: 1px solid var(--muted); border-radius: .3rem;
  padding: .35rem .6rem; max-width: 100%; }
.tools button { cursor: pointer; }
.tools output { color: var(--muted); }
.orders { table-layout: fixed; }
.orders > thead th { position: sticky; top: 0; z-index: 1; }
.orders > thead th:nth-child(1) { width: 32%; } .orders > thead th:nth-child(2) { width: 14%; }
.orders > thead th:nth-child(4) { width: 20%; } .orders > thead th:nth-child(5) { width: 15%; }
.orders > thead button { position: absolute; inset: 0; width: 100%; cursor: pointer;
  background: none; border: 0; padding: 0; }
.sorts::after { content: "\\00a0\\2195"; color: var(--muted); }
.sorts[aria-sort=ascending]::after { content: "\\00a0\\2191"; color: inherit; }
.sorts[aria-sort=descending]::after { content: "\\00a0\\2193"; color: inherit; }
.orders > tbody { scroll-margin-top: 3.5rem; }
.orders > tbody:target { background: var(--soft); }
.order > * { border-bottom: 0; padding-bottom: 0; }
.order > th { font-weight: 600; }
.order > td:nth-child(2) { white-space: nowrap; }
.behind > td { padding-top: .1rem; padding-bottom: .6rem; }
.behind p { margin: .2rem 0; }
.behind summary { color: var(--muted); }
.note::before { content: "! "; font-weight: 700; color: var(--wait); }
.transferred, .changed, .invoiced { color: var(--good); }
.held { color: var(--bad); font-weight: 600; }
.waiting, .taken_back { color: var(--wait); }
.skipped, .not_transferred, .unchanged { color: var(--muted); }
.lines { margin: .4rem 0; table-layout: fixed; }
.lines th:nth-child(1) { width: 9%; } .lines th:nth-child(3) { width: 17%; }
.lines th:nth-child(4) { width: 13%; } .lines th:nth-child(5) { width: 9%; }
.lines th:nth-child(6) { width: 14%; }
.lines th, .lines td, .rates th, .rates td { padding: .2rem .5rem; }
.lines :is(th, td):is(:first-child, :nth-child(n+4)), .rates :is(th, td):nth-child(n+2) {
  text-align: right; white-space: nowrap; overflow-wrap: normal; }
.lines .text td { text-align: left; white-space: normal; overflow-wrap: anywhere;
  color: var(--muted); }
.rates { width: auto; margin: 0 0 .6rem auto; }
@media (max-width: 40rem) {
  .tables { display: block; }
  .orders, .orders > thead, .orders > tbody, .behind, .behind > td { display: block; }
  .orders > tbody[hidden] { display: none; }
  .orders > thead { position: sticky; top: 0; z-index: 1; background: var(--soft); }
  .orders > thead tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .3rem .4rem; }
  .orders > thead th:nth-child(n) { position: relative; width: auto; border: 0; padding: .1rem 0; }
  .orders > thead th:not([data-by]) { display: none; }
  .orders > tbody { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  .order { display: grid; grid-template-columns: auto auto 1fr auto; gap: 0 .6rem; }
  .order > * { padding: 0; }
  .order > th { grid-column: 1 / 4; grid-row: 1; }
  .order > td:nth-child(5) { grid-column: 4; grid-row: 1; font-weight: 600; }
  .order > td:nth-child(2) { grid-row: 2; }
  .order > td:nth-child(3) { grid-row: 2; }
  .order > td:nth-child(4) { grid-row: 2; grid-column: 3 / 5; text-align: right; }
  .behind > td { padding: .2rem 0; border: 0; }
  .lines, .lines tbody { display: block; }
  .lines thead { display: none; }
  .lines tr { display: grid; grid-template-columns: max-content max-content 1fr fit-content(45%);
    gap: 0 .6rem; border-bottom: 1px solid var(--line); padding: .25rem 0; }
  .lines td { border: 0; padding: 0; }
  .lines td:nth-child(2) { grid-column: 1 / 4; grid-row: 1; }
  .lines td:nth-child(6) { grid-row: 1; }
  .lines td:nth-child(1), .lines td:nth-child(3), .lines td:nth-child(4),
  .lines td:nth-child(5) { grid-row: 2; color: var(--muted); }
  .lines td:nth-child(1) { grid-column: 1; } .lines td:nth-child(1)::after { content: " \\00d7"; }
  .lines td:nth-child(4) { grid-column: 2; } .lines td:nth-child(5) { grid-column: 3; }
  .lines td:nth-child(n+4) { text-align: left; }
  .lines td:nth-child(6), .lines td:nth-child(3) { grid-column: 4; text-align: right; }
  .lines .text { display: block; } .lines .text td:first-child { display: none; }
  .rates { width: 100%; }
}
@media print {
  .tools { display: none; }
  .tables { display: block; }
  .orders > thead th { position: static; }
  .sorts::after, .sorts[aria-sort]::after { content: ""; }
  .orders > thead button { display: none; }
  .orders > tbody { break-inside: avoid; }
  .order > * { padding-top: .5rem; }
  .behind summary { list-style: none; color: inherit; }
  .behind > td { padding-bottom: .5rem; }
  .behind p { margin: 0; }
  .lines, .rates { margin: .1rem 0 0 auto; font-size: 8.5pt; line-height: 1.2; }
  .lines th, .lines td, .rates th, .rates td { padding: 0 .3rem; border: 0; }
  .lines th, .rates th { background: none; font-weight: 400; color: var(--muted); }
  .rates .sum > * { border-top: 1px solid var(--line); }
}
"""

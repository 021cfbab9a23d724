"""A bar chart of a run, as an SVG that needs nothing else."""

from __future__ import annotations

from html import escape

from benchmarks.speed.results import Results

WIDTH, LABEL, BAR, GAP = 860, 170, 22, 12
COLOURS = {"main": "#2f6f8f", "analysis": "#d08c3c", "postgres": "#7a8f4b"}


def chart(results: Results) -> str:
    """Return a chart of articles a second, and below it one of the processor time an article by process."""
    rows = {name: row for name, row in results["contenders"].items() if row["stored"] or name == "download only"}
    speed = {name: [("main", row["per_second"])] for name, row in rows.items()}
    cpu = {name: list(row["cpu_ms"].items()) for name, row in rows.items()}
    height = 2 * (len(rows) * (BAR + GAP) + 60) + 30
    machine = results["machine"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        _bars("Articles a second, from start to end of the process", speed, 30, "{:.1f}"),
        _bars("Processor time of an article, ms", cpu, 90 + len(rows) * (BAR + GAP), "{:.1f} ms"),
        _legend(height - 14),
        f'<text x="{WIDTH - 10}" y="{height - 10}" text-anchor="end" fill="#666" font-size="11">'
        f"{escape(str(machine['cores']))} × {escape(str(machine['processor']))}, {escape(str(machine['at']))}</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bars(title: str, rows: dict[str, list[tuple[str, float]]], top: int, unit: str) -> str:
    most = max(sum(value for _, value in parts) for parts in rows.values())
    scale = (WIDTH - LABEL - 110) / most
    lines = [f'<text x="10" y="{top - 8}" font-weight="bold">{title}</text>']
    for place, (name, parts) in enumerate(rows.items()):
        y, x = top + 4 + place * (BAR + GAP), float(LABEL)
        lines.append(f'<text x="{LABEL - 8}" y="{y + 16}" text-anchor="end">{escape(name)}</text>')
        for role, value in parts:
            lines.append(
                f'<rect x="{x:.1f}" y="{y}" width="{value * scale:.1f}" height="{BAR}" fill="{COLOURS[role]}"/>'
            )
            x += value * scale
        lines.append(f'<text x="{x + 6:.1f}" y="{y + 16}">{unit.format(sum(v for _, v in parts))}</text>')
    return "\n".join(lines)


def _legend(y: int) -> str:
    names = {"main": "main process", "analysis": "analysis processes", "postgres": "Postgres"}
    return "\n".join(
        f'<rect x="{10 + 150 * place}" y="{y - 6}" width="12" height="12" fill="{COLOURS[role]}"/>'
        f'<text x="{28 + 150 * place}" y="{y + 4}">{name}</text>'
        for place, (role, name) in enumerate(names.items())
    )

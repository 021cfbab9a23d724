"""Plots drawn here, as SVG that needs no script and takes its colours from the page. Each has a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

#: Units of the drawing; the page scales it.
WIDTH, HEIGHT, GAP = 600, 120, 0.2


def bars(values: Sequence[int], *, backwards: bool) -> Markup:
    """Return bars for a row of counts, the first one at the left, or at the right where people read ``backwards``.

    It is hidden from screen readers: who cannot see it has the table.
    """
    top = max(values, default=0) or 1
    step = WIDTH / (len(values) or 1)
    drawn = []
    for place, value in enumerate(reversed(values) if backwards else values):
        height = HEIGHT * value / top
        drawn.append(
            f'<rect x="{place * step + step * GAP / 2:.1f}" y="{HEIGHT - max(height, 1):.1f}" '
            f'width="{step * (1 - GAP):.1f}" height="{max(height, 1):.1f}"/>'
        )
    return _svg("bars", "".join(drawn))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which something was so."""

    first: datetime
    last: datetime


def timeline(stretches: Sequence[Stretch], *, backwards: bool) -> list[Markup]:
    """Return one line for each stretch, all on the scale from the first moment of all to the last."""
    if not stretches:
        return []
    first = min(one.first for one in stretches)
    span = (max(one.last for one in stretches) - first).total_seconds() or 1.0
    lines = []
    for one in stretches:
        start = WIDTH * (one.first - first).total_seconds() / span
        width = max(WIDTH * (one.last - one.first).total_seconds() / span, 8.0)
        start = min(start, WIDTH - width)
        x = WIDTH - start - width if backwards else start
        lines.append(_svg("stretch", f'<rect x="{x:.1f}" y="0" width="{width:.1f}" height="{HEIGHT}" rx="4"/>'))
    return lines


def _svg(kind: str, inside: str) -> Markup:
    return Markup(  # noqa: S704 -- numbers of our own only
        f'<svg class="plot {kind}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{inside}</svg>'
    )

"""Draw the chart of the README's first screen from the sample's published warehouse: `python docs/images/draw.py`.

The figures are those of the finding `need_not_met` after the disclosure gate; the stamp and the source stand in the
picture, because pictures travel without their page. Run `make pipeline` first.
"""

from __future__ import annotations

import sys
from pathlib import Path

import altair as alt

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from pipeline import charts, disclose, findings, paths  # noqa: E402
from pipeline.warehouse.connect import open_warehouse  # noqa: E402

FINDING = "need_not_met"


def draw(out: Path | None = None) -> list[Path]:
    """One PNG per language, beside this file."""
    study = paths.study(paths.REPOSITORY / "data", out)
    made = []
    with open_warehouse(study) as con:
        for lang, name in (("zh", f"{FINDING}.png"), ("en", f"{FINDING}.en.png")):
            context = findings.context_for(con, lang=lang, is_simulated=True)
            result = findings.evaluate(con, [FINDING], context)[0]
            title = alt.TitleParams(
                text=context.pick(result.finding.question_zh, result.finding.question_en),
                subtitle=f"{findings.period_line(context)}  n={result.n}",
                subtitleFont=charts.FONT, subtitleFontSize=11, offset=8,
            )  # fmt: skip
            drawing = charts.svg(result.chart.properties(title=title))
            made.append(HERE / name)
            made[-1].write_bytes(charts.png(charts.stamped(drawing, disclose.rules()["simulated"][lang]), scale=1.25))
    return made


if __name__ == "__main__":
    for path in draw(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        print(path)

"""The only writers of processed/findings and processed/return: page, workbook, station pages, tables, charts, map points, manifest."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline import disclose
from pipeline.export import leak_check, manifest, package, page, pictures, profiles, stations, workbook
from pipeline.export.write import put_all
from pipeline.findings.finding import Context, Result
from pipeline.findings.profiles import gather
from pipeline.findings.summary import summarise
from pipeline.paths import Study

__all__ = ["write_all"]


def write_all(results: list[Result], study: Study, context: Context, con: duckdb.DuckDBPyConnection) -> list[Path]:
    """Write a period's findings to `processed/findings/PERIOD`; the page comes first in the list.

    Every table passes the gate once more, every finished file is searched for pseudonyms before it is put in place
    (exit 13), and a file held open by another program is kept beside itself (exit 10).
    """
    for result in results:
        disclose.check(result.table, result.finding.disclosure, audience=context.audience, name=result.finding.id)
    pages = gather(con, context)
    for name, table in pages.tables().items():
        disclose.check(table, pages.declared[name], audience=context.audience, name=f"stations.{name}")
    folder = study.findings(context.period)
    end = "" if context.lang == "zh" else f".{context.lang}"
    build = manifest.build_facts(con)
    summary = summarise(results, context)
    drawings = pictures.draw(results)
    files: dict[Path, bytes | str] = {
        folder / f"findings{end}.html": page.render(results, summary, drawings, context, build),
        folder / f"findings{end}.xlsx": workbook.render(results, summary, context, build),
        folder / f"stations{end}.html": profiles.render(pages, context, build),
        folder / "stations.geojson": stations.geojson(con, context),
    }
    files |= {folder / "data" / name: data for name, data in package.files(results, context).items()}
    files |= {folder / "charts" / name: data for name, data in pictures.files(drawings, end, context).items()}
    leak_check.check(files, leak_check.canaries(con))
    manifest.remove_stale(folder, files, end)
    written = put_all(files)
    return [*written, *put_all({folder / "manifest.json": manifest.render(folder, con, context, build)})]

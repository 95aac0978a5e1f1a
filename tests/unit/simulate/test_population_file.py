from __future__ import annotations

import tomllib

from pipeline.contracts.codebook_files import load_codebooks
from pipeline.contracts.population import load_population
from pipeline.contracts.variables import load_variables
from pipeline.paths import Study
from pipeline.simulate.write_place import population_file


def test_rosters_count_every_attached_courier_once_and_the_published_bound_stays_below(world, tmp_path):
    path = tmp_path / "attached.toml"
    path.write_text(population_file(world), encoding="utf-8")
    study = Study(tmp_path, tmp_path)
    books = load_codebooks(study)
    known = load_population(path, load_variables(study, books), books)
    n = world.people.table["is_attached"].sum()
    assert {margin.variable: margin.total for margin in known.margins} == {"shift": n, "grid": n}
    exact, bound = ([t.value for t in known.totals if t.is_known is it] for it in (True, False))
    assert exact == [n] and bound[0] <= n
    assert "模拟" in tomllib.loads(path.read_text(encoding="utf-8"))["source"]

"""pandas: json_normalize, flat table, seven tables, a CSV of each; stored in a DuckDB file."""

import json
import sys
from pathlib import Path

import duckdb
import pandas as pd

from bench.peers.hashing import keyed_hash
from bench.peers.tables import (
    DEGREES,
    FLAT,
    HASHED,
    INSTANTS,
    PICTURE_ID,
    REQUIRED,
    TABLES,
)

_WIRE = "%Y-%m-%dT%H:%M:%S.%fZ"
_hashed = keyed_hash()


def _page(file: Path) -> pd.DataFrame:
    with file.open(encoding="utf-8") as opened:
        page = pd.json_normalize(json.load(opened)["results"], sep="_")
    return page[list(FLAT)]  # without the source's own hashes of passwords


def _hashes(values: pd.Series) -> pd.Series:
    """Hash each text once: passwords repeat."""
    return values.map({text: _hashed(text) for text in values.dropna().unique()})


def _flat(pages: list[pd.DataFrame], day: str) -> pd.DataFrame:
    flat = pd.concat(pages, ignore_index=True)
    flat.insert(0, "snapshot_date", pd.Timestamp(day).date())
    for column in INSTANTS:
        flat[column] = pd.to_datetime(flat[column], format=_WIRE)
    for column in DEGREES:
        flat[column] = pd.to_numeric(flat[column])
    flat["location_postcode"] = flat["location_postcode"].astype(str)
    for clear, name in HASHED.items():
        flat[name] = _hashes(flat.pop(clear))
    return flat


def _core(flat: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = TABLES[name]
    table = flat[list(columns.values())].set_axis(list(columns), axis="columns")
    if needed := REQUIRED.get(name):
        table = table[table[needed].notna()]
    return table.drop_duplicates()


def main(folder: Path, out: Path) -> None:
    """Make the tables of the day whose responses are in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    flat = _flat([_page(file) for file in sorted(folder.glob("*.json"))], folder.name)
    with duckdb.connect(str(out / "people.duckdb")) as connection:
        connection.execute("CREATE TABLE flattened_users AS FROM flat")
        flat["picture_id"] = flat["picture_large"].str.extract(PICTURE_ID, expand=False)
        for name in TABLES:
            rows = _core(flat, name)
            connection.execute(f"CREATE TABLE {name} AS FROM rows")
            rows.to_csv(out / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%S.%fZ")


if __name__ == "__main__":
    main(*(Path(each) for each in sys.argv[1:]))

"""dlt: one table with child objects flattened, in a DuckDB file. No seven tables, no CSV.

As its documentation has it: pages are yielded, not rows, and a map function protects each. With
`--tuned` it hands DuckDB Parquet files, and cuts what lies between its steps into several files,
so that all cores normalise; without it everything is as it comes.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_DROPPED = ("salt", "md5", "sha1", "sha256")
_PEOPLE_A_FILE = 10_000


def main(folder: Path, out: Path, *, tuned: bool) -> None:
    """Make the table of the day whose responses are in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    # It reads these as it is imported.
    os.environ.update(DLT_DATA_DIR=str(out / "pipeline"), RUNTIME__DLTHUB_TELEMETRY="false")
    if tuned:
        os.environ["NORMALIZE__WORKERS"] = str(os.cpu_count())
        os.environ["DATA_WRITER__FILE_MAX_ITEMS"] = str(_PEOPLE_A_FILE)
    import dlt  # noqa: PLC0415  see above

    from bench.peers.hashing import keyed_hash  # noqa: PLC0415  beside it

    hashed = keyed_hash()

    def protected(record: Record) -> Record:
        login, document = record["login"], record["id"]
        login["password_hmac"] = hashed(login.pop("password"))
        value = document.pop("value")
        document["value_hmac"] = None if value is None else hashed(value)
        for name in _DROPPED:
            del login[name]
        location = record["location"]
        location["postcode"] = str(location["postcode"])
        record["snapshot_date"] = folder.name
        return record

    def pages() -> Iterator[list[Record]]:
        for file in sorted(folder.glob("*.json")):
            yield json.loads(file.read_bytes())["results"]

    people = dlt.resource(pages, name="people", columns={"snapshot_date": {"data_type": "date"}})
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(str(out / "people.duckdb")),
        dataset_name="day",
        pipelines_dir=str(out / "pipeline"),
    )
    load = pipeline.run(
        people.add_map(protected),
        write_disposition="replace",
        loader_file_format="parquet" if tuned else None,
    )
    load.raise_on_failed_jobs()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), tuned="--tuned" in sys.argv[3:])

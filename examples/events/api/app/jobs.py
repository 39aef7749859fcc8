"""The history of jobs: one SQLite file and one ZIP a job, both in the data folder."""

import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
create table if not exists jobs (
    id text primary key,
    name text not null,
    created text not null,
    kept integer not null,
    rejected integer not null,
    duplicates integer not null
)
"""


class Jobs:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "results").mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as db, db:
            db.execute(SCHEMA)

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.folder / "events.db")
        db.row_factory = sqlite3.Row
        return db

    def add(self, name: str, summary: dict[str, int], result: bytes) -> dict:
        job = {
            "id": uuid.uuid4().hex,
            "name": name,
            "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **summary,
        }
        (self.folder / "results" / f"{job['id']}.zip").write_bytes(result)
        with closing(self._open()) as db, db:
            db.execute(
                "insert into jobs values (:id, :name, :created, :kept, :rejected, :duplicates)", job
            )
        return job

    def latest(self, limit: int = 50) -> list[dict]:
        with closing(self._open()) as db:
            rows = db.execute("select * from jobs order by created desc, id limit ?", (limit,))
            return [dict(row) for row in rows]

    def result(self, job_id: str) -> Path | None:
        with closing(self._open()) as db:
            row = db.execute("select id from jobs where id = ?", (job_id,)).fetchone()
        return self.folder / "results" / f"{row['id']}.zip" if row else None

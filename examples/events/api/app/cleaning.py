"""From a CSV of events as people export them to one that can be loaded."""

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime

REQUIRED = ("time", "user", "action")
FORMATS = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%d")


class NotEvents(ValueError):
    """The upload is not a CSV of events."""


@dataclass
class Cleaned:
    columns: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    duplicates: int = 0

    def summary(self) -> dict[str, int]:
        return {"kept": len(self.rows), "rejected": len(self.rejected), "duplicates": self.duplicates}


def read_time(text: str) -> str | None:
    """ISO 8601 in UTC, or None. A time without a zone is taken as UTC."""
    for pattern in FORMATS:
        try:
            value = datetime.strptime(text.replace("Z", "+0000"), pattern)
        except ValueError:
            continue
        if value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def clean(text: str) -> Cleaned:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    columns = [(name or "").strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise NotEvents(f"the columns {', '.join(missing)} are missing")
    result = Cleaned(columns=columns)
    seen: set[tuple[str, ...]] = set()
    for number, values in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff"))), start=1):
        if number == 1 or not any(value.strip() for value in values):
            continue
        row = dict(zip(columns, (value.strip() for value in values), strict=False))
        time = read_time(row.get("time", ""))
        if time is None:
            result.rejected.append((number, "the time cannot be read"))
            continue
        if not row.get("user") or not row.get("action"):
            result.rejected.append((number, "no user or no action"))
            continue
        row["time"] = time
        row["action"] = row["action"].lower()
        key = tuple(row.get(name, "") for name in columns)
        if key in seen:
            result.duplicates += 1
            continue
        seen.add(key)
        result.rows.append(row)
    result.rows.sort(key=lambda row: row["time"])
    return result


def pack(cleaned: Cleaned) -> bytes:
    """A ZIP with events.csv, rejected.csv and summary.json."""
    events = io.StringIO()
    writer = csv.DictWriter(events, fieldnames=cleaned.columns, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(cleaned.rows)
    rejected = io.StringIO()
    csv.writer(rejected).writerows([("line", "why"), *cleaned.rejected])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", events.getvalue())
        archive.writestr("rejected.csv", rejected.getvalue())
        archive.writestr("summary.json", json.dumps(cleaned.summary(), indent=2) + "\n")
    return out.getvalue()

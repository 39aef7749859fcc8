import io
import zipfile

import pytest

from app.cleaning import NotEvents, clean, pack, read_time

CSV = """Time,User,Action,Note
2026-01-02 10:00:00,ada,LOGIN,first
03.01.2026 09:30,bob,logout,
2026-01-02 10:00:00,ada,login,first
yesterday,eve,login,

2026-01-04T08:00:00+02:00,,login,
"""


def test_keeps_good_rows_in_order_of_time():
    cleaned = clean(CSV)
    assert [row["user"] for row in cleaned.rows] == ["ada", "bob"]
    assert cleaned.rows[1]["time"] == "2026-01-03T09:30:00Z"


def test_says_why_a_row_was_left_out():
    cleaned = clean(CSV)
    assert cleaned.duplicates == 1
    assert [why for _, why in cleaned.rejected] == ["the time cannot be read", "no user or no action"]


def test_refuses_what_is_not_events():
    with pytest.raises(NotEvents, match="user, action"):
        clean("time,name\n1,2\n")


def test_converts_zones_to_utc():
    assert read_time("2026-01-04T08:00:00+0200") == "2026-01-04T06:00:00Z"


def test_packs_three_files():
    with zipfile.ZipFile(io.BytesIO(pack(clean(CSV)))) as archive:
        assert archive.namelist() == ["events.csv", "rejected.csv", "summary.json"]

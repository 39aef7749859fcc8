import io
import zipfile

import pytest
from fastapi.testclient import TestClient

from app import main
from app.jobs import Jobs


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(main, "jobs", Jobs(tmp_path))
    return TestClient(main.app)


def test_a_csv_comes_back_as_a_zip_and_stays_in_the_history(client):
    made = client.post("/jobs", files={"file": ("a.csv", b"time,user,action\n2026-01-02,ada,Login\n")})
    assert made.status_code == 201
    assert client.get("/jobs").json()[0]["name"] == "a.csv"
    result = client.get(f"/jobs/{made.json()['id']}/result")
    with zipfile.ZipFile(io.BytesIO(result.content)) as archive:
        assert b"ada,login" in archive.read("events.csv")


def test_an_unknown_job_is_404(client):
    assert client.get("/jobs/nope/result").status_code == 404

"""The HTTP side: upload a CSV of events, get cleaned events back."""

from fastapi import FastAPI, HTTPException, UploadFile
from fastapi.responses import FileResponse

from app import settings
from app.cleaning import NotEvents, clean, pack
from app.jobs import Jobs

app = FastAPI(title="Tidy Events")
jobs = Jobs(settings.DATA_DIR)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/jobs", status_code=201)
async def create_job(file: UploadFile) -> dict:
    content = await file.read(settings.MAX_UPLOAD_MB * 1024 * 1024 + 1)
    if len(content) > settings.MAX_UPLOAD_MB * 1024 * 1024:
        raise HTTPException(413, f"at most {settings.MAX_UPLOAD_MB} MB")
    try:
        cleaned = clean(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise HTTPException(422, "the file is not UTF-8") from error
    except NotEvents as error:
        raise HTTPException(422, str(error)) from error
    return jobs.add(file.filename or "events.csv", cleaned.summary(), pack(cleaned))


@app.get("/jobs")
def list_jobs() -> list[dict]:
    return jobs.latest()


@app.get("/jobs/{job_id}/result")
def download(job_id: str) -> FileResponse:
    path = jobs.result(job_id)
    if path is None:
        raise HTTPException(404, "no such job")
    return FileResponse(path, media_type="application/zip", filename="events.zip")

import { describe, expect, it } from 'vitest';
import { build } from './testing.ts';

const said = (dockerfile: string, files = {}) =>
  build(dockerfile, files).breaks.map((item) => `${item.kind}: ${item.subject}`);
const head = 'FROM python:3.12-slim\nWORKDIR /app\n';

describe('pip', () => {
  it('installs scripts of requirements beside the interpreter', () => {
    const built = build(`${head}COPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt`, {
      'requirements.txt': 'uvicorn[standard]==0.30\nGunicorn>=22 # server\n-r more.txt\n',
      'more.txt': '',
    });
    expect(built.breaks).toMatchObject([
      { kind: 'manifest-missing', subject: '/app/more.txt', says: 'Could not open requirements file' },
    ]);
    const whole = build(`${head}COPY . .\nRUN pip install -r requirements.txt`, {
      'requirements.txt': 'uvicorn\ngunicorn\n',
    });
    expect(whole.command('uvicorn')).toBe('present');
    expect(whole.command('gunicorn')).toBe('present');
    expect(whole.at('/usr/local/bin/uvicorn')).toBe('present');
    expect(whole.command('celery')).toBe('unknown');
  });

  it('stops where the file or the project is not there', () => {
    expect(said(`${head}RUN pip install -r requirements.txt`)).toEqual(['manifest-missing: /app/requirements.txt']);
    expect(said(`${head}RUN pip install .`)).toEqual(['manifest-missing: /app/pyproject.toml']);
    expect(said(`${head}COPY setup.py .\nRUN pip install -e .[dev]`, { 'setup.py': '' })).toEqual([]);
    expect(
      said(`${head}RUN --mount=type=bind,source=requirements.txt,target=/tmp/r.txt pip install -r /tmp/r.txt`, {
        'requirements.txt': 'flask',
      }),
    ).toEqual([]);
  });

  it('installs into the virtual environment that is on PATH, or that its own path names', () => {
    const built = build(
      'FROM python:3.12-slim\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install gunicorn',
    );
    expect(built.at('/opt/venv/bin/gunicorn')).toBe('present');
    expect(built.at('/usr/local/bin/gunicorn')).not.toBe('present');
    expect(build('FROM python:3.12-slim\nRUN python -m venv /v && /v/bin/pip install flask').at('/v/bin/flask')).toBe(
      'present',
    );
    expect(build('FROM python:3.12-slim\nRUN pip install --prefix=/install flask').at('/install/bin/flask')).toBe(
      'present',
    );
    expect(build('FROM python:3.12-slim\nRUN pip install --user flask').at('/root/.local/bin/flask')).toBe('present');
  });
});

describe('poetry, uv and pipenv', () => {
  const lock = '[[package]]\nname = "uvicorn"\nversion = "0.30"\n';
  const files = { 'pyproject.toml': '[project]\nname = "x"\n', 'uv.lock': lock, 'poetry.lock': lock };

  it('uv sync needs its lock file when it may not make one', () => {
    const base = `${head}COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n`;
    expect(said(`${base}COPY pyproject.toml .\nRUN uv sync --frozen`, files)).toEqual([
      'lockfile-missing: /app/uv.lock',
    ]);
    expect(said(`${base}COPY pyproject.toml .\nRUN uv sync`, files)).toEqual([]);
    const built = build(`${base}COPY . .\nRUN uv sync --locked --no-dev`, files);
    expect(built.breaks).toEqual([]);
    expect(built.at('/app/.venv/bin/uvicorn')).toBe('present');
    const other = build(`${base}ENV UV_PROJECT_ENVIRONMENT=/usr/local\nCOPY . .\nRUN uv sync --frozen`, files);
    expect(other.at('/usr/local/bin/uvicorn')).toBe('present');
  });

  it('poetry installs into the system when virtual environments are off', () => {
    const built = build(
      `${head}RUN pip install poetry\nCOPY . .\nRUN poetry config virtualenvs.create false && poetry install --no-root --only main`,
      files,
    );
    expect(built.breaks).toEqual([]);
    expect(built.at('/usr/local/bin/uvicorn')).toBe('present');
    expect(said(`${head}RUN pip install poetry && poetry install`)).toEqual(['manifest-missing: /app/pyproject.toml']);
  });
});

describe('toolchains', () => {
  it('go and cargo build where they are told', () => {
    const built = build(
      'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -ldflags="-s -w" -o /bin/server ./cmd/server',
      { 'go.mod': 'module x\n', 'cmd/server/main.go': '' },
    );
    expect(built.breaks).toEqual([]);
    expect(built.at('/bin/server')).toBe('present');
    expect(said('FROM golang:1.26\nWORKDIR /src\nRUN go mod download')).toEqual(['manifest-missing: /src/go.mod']);
    const rust = build('FROM rust:1\nWORKDIR /src\nCOPY . .\nRUN cargo build --release', {
      'Cargo.toml': '[package]\nname = "app"\n',
      'src/main.rs': '',
    });
    expect(rust.at('/src/target/release/app')).toBe('present');
  });
});

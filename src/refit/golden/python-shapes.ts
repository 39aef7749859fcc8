import type { Shape } from './shapes.ts';

export const PYTHON_SHAPES: readonly Shape[] = [
  {
    name: 'python-pip',
    files: {
      'requirements.txt': '-r requirements/base.txt\n',
      'requirements/base.txt': 'itsdangerous==2.2.0\n',
      'app.py': `import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import itsdangerous


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/ping" else 404)
        self.end_headers()
        self.wfile.write(itsdangerous.__name__.encode())


ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler).serve_forever()
`,
      Dockerfile: `FROM python:3.12
ENV PIP_NO_CACHE_DIR=1
ENV PORT=5000
WORKDIR /srv/app

# what the operators want to read
RUN echo "ask for Ada" > /etc/motd; cat /etc/motd

COPY . /srv/app
RUN pip install --no-cache-dir -r requirements.txt

# runs on PORT
CMD python app.py --port $PORT
`,
    },
    image: { port: 5000, healthPath: '/ping' },
  },
  {
    name: 'python-uv-package',
    files: {
      'pyproject.toml': `[project]
name = "greeter"
version = "1.2.0"
requires-python = ">=3.12"
dependencies = []

[project.scripts]
greeter = "greeter:main"

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
`,
      'uv.lock': `version = 1
revision = 3
requires-python = ">=3.12"

[[package]]
name = "greeter"
version = "1.2.0"
source = { editable = "." }
`,
      'src/greeter/__init__.py': `from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


def main():
    ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
`,
      Dockerfile: `FROM python:3.12-slim
WORKDIR /app
COPY --chown=1000:1000 . .
RUN pip install uv && uv sync --frozen
USER 1000
EXPOSE 8080
CMD ["uv", "run", "greeter"]
`,
    },
    image: { port: 8080 },
  },
  {
    name: 'python-poetry',
    files: {
      'pyproject.toml':
        '[tool.poetry]\nname = "shop"\nversion = "0.1.0"\n\n[tool.poetry.dependencies]\npython = "^3.12"\nflask = "^3.0"\n',
      'poetry.lock': '# made by poetry\n',
      'shop.py': 'print("shop")\n',
      Dockerfile: `FROM python:3.9-slim-bullseye
WORKDIR /code
RUN pip install poetry==1.8.3 && poetry config virtualenvs.create false
COPY pyproject.toml poetry.lock ./
RUN poetry install --no-dev --no-interaction
COPY . .
ENTRYPOINT ["poetry", "run"]
CMD ["python", "shop.py"]
`,
    },
    image: {},
    notBuilt: 'its lock file is none',
  },
];

FROM python:3.12-slim AS base

ENV PATH="/app/.venv/bin:$PATH"

WORKDIR /app

FROM base AS build

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,target=/root/.cache/pip pip install uv
# a layer of its own: it is built again only when these files change
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --no-install-project
COPY . .
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --no-editable

FROM base

RUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home app

COPY --from=build /app/.venv /app/.venv
COPY . .

USER 10001:10001
ENV HOME=/tmp

EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import socket; socket.create_connection((\"127.0.0.1\", 8080), 2).close()"]

LABEL org.opencontainers.image.title="greeter" \
      org.opencontainers.image.version="1.2.0"

CMD ["greeter"]

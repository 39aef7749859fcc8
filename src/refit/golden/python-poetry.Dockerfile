# Python 3.9 has had no fixes since 2025-10-31
FROM python:3.12-slim AS base

ENV PATH="/code/.venv/bin:$PATH"

WORKDIR /code

FROM base AS build

ENV POETRY_VIRTUALENVS_IN_PROJECT=1 POETRY_VIRTUALENVS_CREATE=1 POETRY_NO_INTERACTION=1
RUN --mount=type=cache,target=/root/.cache/pip pip install poetry==1.8.3
# a layer of its own: it is built again only when these files change
COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    poetry install --no-dev --no-interaction --no-root

FROM base

RUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home app

COPY --from=build /code/.venv /code/.venv
COPY . .

USER 10001:10001
ENV HOME=/tmp

LABEL org.opencontainers.image.title="shop"

CMD ["python", "shop.py"]

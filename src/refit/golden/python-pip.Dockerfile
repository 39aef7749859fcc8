FROM python:3.12 AS base

ENV PIP_NO_CACHE_DIR=1
ENV PORT=5000
ENV PATH="/opt/venv/bin:$PATH"

WORKDIR /srv/app

# carried over from line 7: Plimsoll does not know what it does
# what the operators want to read
RUN echo "ask for Ada" > /etc/motd; cat /etc/motd

FROM base AS build

ENV PIP_NO_CACHE_DIR=0
RUN python -m venv --without-pip /opt/venv
# a layer of its own: it is built again only when these files change
COPY requirements.txt ./
COPY requirements/base.txt ./requirements/
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/venv/bin/python install -r requirements.txt

FROM base

RUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home app

COPY --from=build /opt/venv /opt/venv
COPY . /srv/app

USER 10001:10001
ENV HOME=/tmp

EXPOSE 5000

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen(\"http://127.0.0.1:5000/ping\", timeout=2)"]

# runs on PORT
CMD ["sh", "-c", "exec python app.py --port $PORT"]

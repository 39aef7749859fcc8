/** Dockerfiles that between them use every modelled command; the fuzzer breaks them. */
export const SEEDS: readonly string[] = [
  `# syntax=docker/dockerfile:1
ARG V=22
FROM node:\${V}-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
FROM deps AS build
COPY . .
RUN npm ci && npm run build && npx tsc -p . || true
FROM nginx:1.27-alpine
COPY --from=build /app/dist /usr/share/nginx/html
RUN addgroup -S app && adduser -S -G app -u 1001 app && chown -R app:app /var/cache/nginx
USER app
EXPOSE 8080/tcp
HEALTHCHECK --interval=30s CMD wget -qO- http://localhost:8080/ || exit 1
CMD ["nginx", "-g", "daemon off;"]
`,
  `FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PATH="/opt/venv/bin:$PATH"
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update && apt-get install -y --no-install-recommends curl build-essential libpq-dev && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv && pip install -r requirements.txt
COPY requirements.txt /tmp/
RUN set -eux; for x in a b "c d"; do mkdir -p "/srv/$x" && echo "$x" > /srv/"$x"/name; done; \\
    case "$(uname -m)" in x86_64) A=amd64 ;; aarch64) A=arm64 ;; *) exit 1 ;; esac; curl -fsSL https://x/$A.tgz | tar -xz -C /opt
RUN useradd --create-home --uid 1000 app && install -d -o app -g app /data && chmod -R u+rwX,go-w /data
COPY --chown=app:app . /home/app
USER app
ENTRYPOINT ["./entrypoint.sh"]
`,
  `FROM golang:1.22-alpine AS b
WORKDIR /src
COPY go.* ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -o /out/server ./cmd/server && ln -s /out/server /out/s && cp -a /out /copy && mv /copy /moved
FROM scratch
COPY --from=b /out/server /server
COPY --from=b --chmod=755 /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
ENTRYPOINT ["/server"]
`,
  `FROM debian:12
RUN <<EOF
set -e
apt-get update
apt-get install -y nginx git unzip
cat <<'CONF' > /etc/nginx/conf.d/x.conf
server { listen 80; root /srv; }
CONF
if [ -f /etc/nginx/nginx.conf ]; then sed -i 's/www-data/nobody/' /etc/nginx/nginx.conf; else touch /none; fi
EOF
COPY <<-X /a/b
	text $HOME
X
ONBUILD COPY . /x
VOLUME ["/data", "/var/lib/x"]
ADD https://example.org/a.tar.gz /opt/
RUN f() { echo "$1" | tee -a /log; }; f one; f two; (cd /tmp && rm -rf ./*); [ "$(id -u)" = 0 ] && wget -O /x https://e/x
STOPSIGNAL SIGQUIT
`,
  `FROM alpine:3.20 AS a
ARG TARGETARCH
RUN apk add --no-cache --virtual .b gcc musl-dev && apk del .b && printf '%s\\n' x > /f && cat /f /f > /g
RUN while read -r l; do echo "\${l#a}\${l%%b*}\${l:-d}\${#l}"; done < /f; export X=1 Y="\${X:+z}"; unset X; : > /e; test -d /e || mkdir -m 0700 -p /e/{a,b}/c
FROM a AS b
RUN --mount=type=bind,source=.,target=/ctx --mount=type=secret,id=s cp -r /ctx/. /w && find /w -name '*.pyc' -delete
RUN corepack enable && pnpm install --frozen-lockfile && pnpm run build && yarn install && bun install
FROM b
COPY --from=a /f /g /h/
COPY --parents ./src/**/x /p/
RUN poetry install --no-root && uv sync --frozen && uv pip install x && pipenv sync && cargo build --release && mvn package && make all
`,
];

/** A repository that the Dockerfiles copy from. */
export const FILES: Readonly<Record<string, string>> = {
  'package.json': '{"name":"x","scripts":{"build":"vite build","prebuild":"npm run lint","lint":"npm run build"}}',
  'package-lock.json': '{"name":"x","lockfileVersion":3,"packages":{"":{"name":"x"}}}',
  'requirements.txt': 'flask==3.0\n-r requirements.txt\n',
  'pyproject.toml': '[project]\nname = "x"\n',
  'uv.lock': '',
  'go.mod': 'module x\n',
  'cmd/server/main.go': 'package main\n',
  'entrypoint.sh': '#!/bin/sh\nexec "$@"\n',
  'src/a/x': '',
  '.dockerignore': '**/*.log\n!keep\n',
  'index.html': '',
  'vite.config.ts': 'export default {}',
};

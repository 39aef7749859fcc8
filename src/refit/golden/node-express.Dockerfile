# Node.js 16 has had no fixes since 2023-09-11
FROM node:24 AS dependencies

# one folder for all
WORKDIR /usr/src/app

# a layer of its own: it is built again only when these files change
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev

FROM node:24-slim

ENV NODE_ENV=production

WORKDIR /usr/src/app

RUN install -d -o node -g node /var/lib/tally

COPY --from=dependencies /usr/src/app/node_modules ./node_modules
COPY . .

# `node` of the base image, by number: an orchestrator can see that it is not root
USER 1000:1000

EXPOSE 3000

HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["node", "-e", "fetch(\"http://127.0.0.1:3000/healthz\").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

LABEL org.opencontainers.image.title="tally" \
      org.opencontainers.image.description="Counts things" \
      org.opencontainers.image.version="3.0.0"

CMD ["node", "server.js"]

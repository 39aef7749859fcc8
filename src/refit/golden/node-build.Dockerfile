# Node.js 20 has had no fixes since 2026-04-30
FROM node:22-slim AS build

WORKDIR /app

# a layer of its own: it is built again only when these files change
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci

COPY . .

RUN npm run build

# what runs has its own, without development packages
RUN rm -rf node_modules

FROM node:22-slim

ENV NODE_ENV=production

WORKDIR /app

COPY --from=build /app ./

# `node` of the base image, by number: an orchestrator can see that it is not root
USER 1000:1000

EXPOSE 4000

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["node", "-e", "require(\"node:net\").connect(4000, \"127.0.0.1\").on(\"connect\", () => process.exit(0)).on(\"error\", () => process.exit(1))"]

LABEL org.opencontainers.image.title="built"

CMD ["node", "dist/server.js"]

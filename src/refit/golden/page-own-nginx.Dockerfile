FROM node:22-alpine AS builder

WORKDIR /app

# a layer of its own: it is built again only when these files change
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci

COPY . .

RUN npm run build

# the image of nginx that needs no root; `stable` is the release line that gets fixes, whatever its number
FROM nginxinc/nginx-unprivileged:stable-alpine

COPY conf/nginx.conf /etc/nginx/nginx.conf
COPY conf/nginx-security-headers.conf /etc/nginx/security-headers.conf
COPY --from=builder /app/build /usr/share/nginx/html
USER root
RUN rm /etc/nginx/conf.d/default.conf
# carried over from line 12: Plimsoll does not know what it does
RUN date > /usr/share/nginx/html/built.txt
USER 101

EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/"]

LABEL org.opencontainers.image.title="leaf" \
      org.opencontainers.image.version="1.0.0"

CMD ["nginx", "-g", "daemon off;"]

import type { Shape } from './shapes.ts';

export const NODE_SHAPES: readonly Shape[] = [
  {
    name: 'node-express',
    files: {
      'package.json': `{
  "name": "tally",
  "version": "3.0.0",
  "description": "Counts things",
  "scripts": { "start": "node server.js", "test": "node --test" },
  "dependencies": { "ms": "2.1.3" }
}
`,
      'package-lock.json': `{
  "name": "tally",
  "version": "3.0.0",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": { "name": "tally", "version": "3.0.0", "dependencies": { "ms": "2.1.3" } },
    "node_modules/ms": {
      "version": "2.1.3",
      "integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
      "license": "MIT"
    }
  }
}
`,
      'server.js': `const ms = require('ms');
const server = require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/healthz' ? 200 : 404;
  response.end(ms(60000));
});
server.listen(3000, '0.0.0.0');
process.on('SIGTERM', () => server.close());
`,
      Dockerfile: `FROM node:16
# one folder for all
WORKDIR /usr/src/app
COPY . .
RUN npm install
ENV NODE_ENV=production
EXPOSE 3000
HEALTHCHECK --interval=30s CMD curl -f http://localhost:3000/ || exit 1
CMD npm start
`,
    },
    image: { port: 3000, healthPath: '/healthz', dataDirs: ['/var/lib/tally'] },
  },
  {
    name: 'node-build',
    files: {
      'package.json': `{
  "name": "built",
  "engines": { "node": ">=20 <23" },
  "scripts": { "build": "node build.js", "start": "node dist/server.js" },
  "devDependencies": { "ms": "2.1.3" }
}
`,
      'package-lock.json': `{
  "name": "built",
  "lockfileVersion": 3,
  "requires": true,
  "packages": {
    "": { "name": "built", "devDependencies": { "ms": "2.1.3" }, "engines": { "node": ">=20 <23" } },
    "node_modules/ms": {
      "version": "2.1.3",
      "integrity": "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
      "dev": true,
      "license": "MIT"
    }
  }
}
`,
      'build.js': `require('ms');
const fs = require('node:fs');
fs.mkdirSync('dist', { recursive: true });
fs.writeFileSync('dist/server.js', "require('node:http').createServer((q, r) => r.end('built')).listen(4000, '0.0.0.0');");
`,
      Dockerfile: `FROM node:20-slim
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
USER node
CMD ["npm", "run", "start"]
`,
    },
    image: { port: 4000 },
  },
  {
    name: 'page-own-nginx',
    files: {
      'package.json': '{ "name": "leaf", "version": "1.0.0", "scripts": { "build": "node build.js" } }\n',
      'package-lock.json':
        '{ "name": "leaf", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "leaf", "version": "1.0.0" } } }\n',
      'build.js': `const fs = require('node:fs');
fs.mkdirSync('build/assets', { recursive: true });
fs.writeFileSync('build/index.html', '<!doctype html><title>leaf</title>');
fs.writeFileSync('build/assets/a-1b2c3d4e.js', '');
`,
      'index.html': '<!doctype html><title>leaf</title>\n',
      'conf/nginx.conf': `user nginx;
worker_processes auto;
events { worker_connections 512; }
http {
  include /etc/nginx/mime.types;
  server {
    listen 80 default_server;
    root /usr/share/nginx/html;
    add_header X-Frame-Options SAMEORIGIN;
    location / { try_files $uri /index.html; }
  }
}
`,
      Dockerfile: `FROM node:22-alpine as builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx:1.25-alpine
COPY conf/nginx.conf /etc/nginx/nginx.conf
COPY --from=builder /app/build /usr/share/nginx/html
RUN rm /etc/nginx/conf.d/default.conf
RUN date > /usr/share/nginx/html/built.txt
EXPOSE 80
CMD nginx -g 'daemon off;'
`,
    },
    image: {},
  },
];

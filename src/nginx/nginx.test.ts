import { expect, test } from 'vitest';
import { parseNginx } from './parse.ts';
import { locationFor, serversOf } from './server.ts';

const CONF = `# page
server {
    listen 80;
    listen [::]:8443 ssl http2;
    server_name _ "a b";
    root /usr/share/nginx/html; # here
    location / { index index.html; }
    location ~* \\.(js|css)$ { expires 1y; }
    location ^~ /static/ { add_header X-Y "a;b{c}"; }
    location = /health { return 200 'ok\\n'; }
    location /api/ { proxy_pass http://\${API_HOST}:8000/; }
}
`;

test('directives, blocks and quoted words are read with their places', () => {
  const file = parseNginx(CONF, 'nginx.conf');
  expect(file.problems).toEqual([]);
  const [server] = serversOf(file);
  expect(server?.listens.map((l) => [l.port, l.tls, l.at.line])).toEqual([
    [80, false, 3],
    [8443, true, 4],
  ]);
  expect(server?.names).toEqual(['_', 'a b']);
  expect(server?.root?.at.line).toBe(6);
  expect(server?.locations.map((l) => `${l.modifier}${l.path}`)).toEqual([
    '/',
    '~*\\.(js|css)$',
    '^~/static/',
    '=/health',
    '/api/',
  ]);
});

test('a location is chosen as nginx chooses it', () => {
  const [server] = serversOf(parseNginx(CONF, 'nginx.conf'));
  if (server === undefined) throw new Error('no server');
  const chosen = (path: string): string => {
    const location = locationFor(server, path);
    return location === 'unknown' || location === undefined ? String(location) : location.path;
  };
  expect(chosen('/health')).toBe('/health');
  expect(chosen('/healthz')).toBe('/');
  expect(chosen('/a.js')).toBe('\\.(js|css)$');
  expect(chosen('/static/a.js')).toBe('/static/');
  expect(chosen('/api/jobs')).toBe('/api/');
});

test('what is not closed is a problem with a place, and the rest is kept', () => {
  const file = parseNginx('server {\n  listen 80\n}\n', 'x.conf');
  expect(file.problems[0]?.at.line).toBe(2);
  expect(parseNginx('http { server { listen 8080; }', 'x.conf').problems[0]?.text).toContain('unexpected end of file');
  expect(serversOf(parseNginx('http { server { listen 8080; }', 'x.conf'))[0]?.listens[0]?.port).toBe(8080);
  expect(parseNginx('}}}}{{{"', 'x.conf').problems.length).toBeGreaterThan(0);
});

test('without listen a server listens on 80', () => {
  expect(serversOf(parseNginx('server { root /x; }', 'x.conf'))[0]?.listens[0]?.port).toBe(80);
});

import { type NginxDirective, named, parseNginx } from '../../nginx/parse.ts';
import { type NginxLocation, serversOf } from '../../nginx/server.ts';
import type { Edit } from '../../text/edit.ts';
import type { Upstream } from '../input.ts';
import { BlockWriter } from './block-writer.ts';

/** Where files of the refit lie in the image. */
export const HEADERS_PATH = '/etc/nginx/security-headers.conf';
export const UPSTREAM_PATH = '/tmp/upstream.conf';
export const CONFIG_PATH = '/tmp/config.js';

export interface PageServerInput {
  readonly file: string;
  readonly text: string;
  /** The file is /etc/nginx/nginx.conf, not one of conf.d. */
  readonly whole: boolean;
  /** Folder below the root whose files carry a hash in their names: `assets`. */
  readonly hashedDir?: string;
  readonly upstream?: Upstream;
  /** The page reads /config.js at start. */
  readonly configScript: boolean;
}

export interface PageServer {
  readonly edits: readonly Edit[];
  /** Port that nginx listens on afterwards. */
  readonly port: number;
  /** Directives of the security headers that the file had on its server, as `name value…`. */
  readonly headers: readonly string[];
}

/** The changes that make a server block serve a single page without root, or why it is left alone. */
export function editPageServer(input: PageServerInput): PageServer | string {
  const parsed = parseNginx(input.text, input.file);
  const [problem] = parsed.problems;
  if (problem !== undefined) return `nginx would refuse it: ${problem.text}`;
  const servers = serversOf(parsed);
  const [server] = servers;
  if (server === undefined || servers.length > 1)
    return servers.length === 0 ? 'it has no server block' : 'it has several server blocks';
  if (server.listens.some((listen) => listen.tls)) return 'it ends TLS itself';
  const ports = new Set(server.listens.map((listen) => listen.port));
  if (ports.size > 1) return 'it listens on several ports';
  const [port = 80] = ports;
  const block = server.directive.block ?? [];
  const first = block[0];
  if (first === undefined) return 'its server block is empty';
  const writer = new BlockWriter(input, first);
  for (const listen of named(block, 'listen')) {
    const word = listen.args[0];
    if (word !== undefined && port === 80) writer.replace(word.span, word.text.replace(/(^|:)80$/, '$18080'));
  }
  if (named(block, 'listen').length === 0) writer.above(first, ['listen 8080;']);

  const headers = serverHeaders(writer, block, first);
  const settings = newSettings(block);
  const anchor = named(block, 'root')[0] ?? named(block, 'server_name')[0] ?? first;
  if (settings.length > 1) writer.below(anchor, settings);

  const locations = server.locations;
  const home = locations.find((location) => location.path === '/' && location.modifier === '');
  const proxied =
    home !== undefined &&
    (named(home.directive.block, 'proxy_pass').length > 0 || named(home.directive.block, 'return').length > 0);
  if (proxied) return 'its location / is no page: it hands on to another server';
  for (const location of locations) {
    const inner = location.directive.block ?? [];
    const repeated = named(inner, 'add_header').filter((item) => headers.includes(writer.textOf(item)));
    const other = named(inner, 'add_header').filter((item) => !repeated.includes(item));
    const names = new Set(headers.map((header) => header.split(/\s/)[0]?.toLowerCase()));
    // A header with another value here is meant: the included one would be sent beside it.
    if (other.some((item) => names.has(item.args[0]?.text.toLowerCase()))) continue;
    for (const item of repeated) writer.removeLine(item);
    if (location === home || includes(inner, HEADERS_PATH)) continue;
    if (other.length > 0) writer.atEnd(location.directive, [`include ${HEADERS_PATH};`]);
  }
  const added: string[][] = [];
  if (home === undefined) added.push(blockLines('location /', homeLines([])));
  else if (homeLines(home.directive.block ?? []).length > 0)
    writer.atEnd(home.directive, homeLines(home.directive.block ?? []));
  const has = (path: string): boolean => locations.some((location) => location.path.replace(/\/$/, '') === path);
  if (input.hashedDir !== undefined && !locations.some((location) => location.path.includes(input.hashedDir ?? '')))
    added.push(hashedLocation(input.hashedDir, named(block, 'root').length > 0 ? undefined : rootOf(home)));
  if (input.configScript && !has('/config.js')) added.push(configLocation());
  if (input.upstream !== undefined && !has(input.upstream.prefix)) added.push(apiLocation(input.upstream));
  if (added.length > 0)
    writer.atEnd(
      server.directive,
      added.flatMap((block) => ['', ...block]),
    );
  if (input.whole) unprivileged(writer, parsed.directives);
  return { edits: writer.edits, port: port === 80 ? 8080 : port, headers };
}

/** Headers of the server move to a file of their own: a location with an add_header drops all that it would inherit. */
function serverHeaders(
  writer: BlockWriter,
  block: readonly NginxDirective[],
  first: NginxDirective,
): readonly string[] {
  if (includes(block, HEADERS_PATH)) return [];
  const own = named(block, 'add_header').filter((item) => item.args[0]?.text.toLowerCase() !== 'cache-control');
  const [top, ...rest] = own;
  if (top === undefined)
    writer.below(named(block, 'root')[0] ?? named(block, 'server_name')[0] ?? first, ['', `include ${HEADERS_PATH};`]);
  else writer.replace(top.span, `include ${HEADERS_PATH};`);
  for (const item of rest) writer.removeLine(item);
  return own.map((item) => writer.textOf(item));
}

function includes(block: readonly NginxDirective[], path: string): boolean {
  return named(block, 'include').some((item) => item.args[0]?.text === path);
}

function newSettings(block: readonly NginxDirective[]): readonly string[] {
  const out = [''];
  if (named(block, 'server_tokens').length === 0) out.push('server_tokens off;');
  if (named(block, 'gzip').length === 0) {
    out.push('gzip on;', 'gzip_vary on;', 'gzip_min_length 1024;');
    out.push(
      'gzip_types text/css application/javascript text/javascript application/json image/svg+xml application/manifest+json;',
    );
  }
  return out;
}

function homeLines(block: readonly NginxDirective[]): readonly string[] {
  const out: string[] = [];
  const cached =
    named(block, 'expires').length > 0 ||
    named(block, 'add_header').some((item) => item.args[0]?.text.toLowerCase() === 'cache-control');
  if (named(block, 'try_files').length === 0) {
    out.push('# paths of the page itself: a reload or a shared link gets the page', 'try_files $uri /index.html;');
  }
  if (!cached)
    out.push('# always asked for again, so that a new release shows at once', 'add_header Cache-Control "no-cache";');
  const adds = !cached || named(block, 'add_header').length > 0;
  if (adds && !includes(block, HEADERS_PATH)) out.push(`include ${HEADERS_PATH};`);
  return out;
}

function blockLines(head: string, inner: readonly string[]): string[] {
  return [`${head} {`, ...inner.map((line) => `    ${line}`), '}'];
}

/** A root that only `location /` has: other locations would look for their files elsewhere. */
function rootOf(home: NginxLocation | undefined): string | undefined {
  const root = named(home?.directive.block, 'root')[0];
  return root?.args[0] === undefined ? undefined : `root ${root.args[0].text};`;
}

function hashedLocation(folder: string, root: string | undefined): string[] {
  const lines = [
    ...(root === undefined ? [] : [root]),
    'add_header Cache-Control "public, max-age=31536000, immutable";',
    `include ${HEADERS_PATH};`,
    'try_files $uri =404;',
  ];
  return ['# the names carry a hash of the content: they never change', ...blockLines(`location /${folder}/`, lines)];
}

function configLocation(): string[] {
  const lines = ['root /tmp;', 'add_header Cache-Control "no-store";', `include ${HEADERS_PATH};`];
  return [
    '# settings of this installation, written when the container starts',
    ...blockLines('location = /config.js', lines),
  ];
}

function apiLocation(upstream: Upstream): string[] {
  const lines = [
    '# the name is looked up while it runs: nginx starts without the API and follows it to another address',
    `include ${UPSTREAM_PATH};`,
    ...(upstream.strip ? [`rewrite ^${upstream.prefix}/(.*)$ /$1 break;`] : []),
    'proxy_pass $api_upstream;',
    'proxy_http_version 1.1;',
    'proxy_set_header Host $host;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    '# how much may be sent is up to the API; nothing is kept on disk on the way',
    'client_max_body_size 0;',
    'proxy_request_buffering off;',
    'proxy_max_temp_file_size 0;',
  ];
  return ['# the API, on the same origin as the page', ...blockLines(`location ${upstream.prefix}/`, lines)];
}

/** A whole nginx.conf that root started: pid and temporary files go where anybody may write. */
function unprivileged(writer: BlockWriter, top: readonly NginxDirective[]): void {
  for (const user of named(top, 'user')) writer.removeLine(user);
  const pid = named(top, 'pid')[0];
  const pidPath = pid?.args[0];
  if (pidPath !== undefined) writer.replace(pidPath.span, '/tmp/nginx.pid');
  else if (top[0] !== undefined)
    writer.above(top.find((item) => item.name !== 'user') ?? top[0], ['pid /tmp/nginx.pid;']);
  const http = named(top, 'http')[0]?.block ?? [];
  const missing = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].filter(
    (name) => named(http, `${name}_temp_path`).length === 0,
  );
  if (http[0] !== undefined && missing.length > 0)
    writer.above(
      http[0],
      missing.map((name) => `${name}_temp_path /tmp/${name}_temp;`),
    );
}

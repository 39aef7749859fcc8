import type { Sureness } from './server.ts';

/** What containers were seen to do as an entry of the table says. `e2e/servers.e2e.test.ts` sees it again. */
interface Proven {
  /** The image that ran. The engine had stand-ins: the server is real, the image around it is our own. */
  readonly image: string;
  /** ISO date. */
  readonly date: string;
  readonly engine: string;
  readonly claims: readonly string[];
}

const seen = { date: '2026-11-21', engine: 'Docker 28.5.1, stand-in images' };
const ROOT_FILES = 'read-only root with the scratch folders';
const OWN_USER = 'starts as its own user without capabilities';
const CAPABILITIES = ['capabilities are enough', 'stops without capabilities'];
const DATABASE_TOOLS = ['has no curl', 'has no wget', 'has no nc', 'has bash', 'health command', 'declared volumes'];

/** By the image that ran. What is not listed rests on the entry's `origin` alone. */
export const PROVEN: readonly (Proven & { readonly name: string })[] = [
  {
    ...seen,
    name: 'PostgreSQL',
    image: 'postgres:17',
    claims: [
      'runs as 999',
      'listens on 5432',
      'has pg_isready',
      'has psql',
      ...DATABASE_TOOLS,
      'stops without required variables',
      ...CAPABILITIES,
      ROOT_FILES,
      OWN_USER,
    ],
  },
  {
    ...seen,
    name: 'Redis',
    image: 'redis:7',
    claims: [
      'runs as 999',
      'listens on 6379',
      'has redis-cli',
      ...DATABASE_TOOLS,
      ...CAPABILITIES,
      ROOT_FILES,
      OWN_USER,
    ],
  },
  {
    ...seen,
    name: 'Redis',
    image: 'redis:8',
    claims: ['runs as 999', 'listens on 6379', 'has redis-cli', ...DATABASE_TOOLS, ROOT_FILES, OWN_USER],
  },
  {
    ...seen,
    name: 'Valkey',
    image: 'valkey/valkey:8',
    // The stand-in has no redis-cli.
    claims: ['runs as 999', 'listens on 6379', 'has valkey-cli', ...DATABASE_TOOLS, ROOT_FILES, OWN_USER],
  },
  {
    ...seen,
    name: 'nginx',
    image: 'nginx:1.28',
    // The stand-in is Debian's and writes to /var/lib/nginx: its scratch folders say nothing of the official image's.
    claims: [
      'runs as 0',
      'listens on 80',
      'has curl',
      'has bash',
      'has no wget',
      'has no nc',
      'declared volumes',
      ...CAPABILITIES,
    ],
  },
  {
    ...seen,
    name: 'nginx (unprivileged)',
    image: 'nginxinc/nginx-unprivileged:1.28',
    claims: [
      'runs as 101',
      'listens on 8080',
      'has curl',
      'has bash',
      'has no wget',
      'has no nc',
      'declared volumes',
      ROOT_FILES,
    ],
  },
  {
    ...seen,
    name: 'Prometheus',
    image: 'prom/prometheus:v3.5.0',
    claims: ['runs as 65534', 'listens on 9090', 'declared volumes', ROOT_FILES],
  },
  {
    ...seen,
    name: 'postgres-exporter',
    image: 'prometheuscommunity/postgres-exporter:v0.18.1',
    claims: ['runs as 65534', 'listens on 9187', 'declared volumes', ROOT_FILES],
  },
];

/** How sure an entry is: seen on an engine, read at a source, or only recollected. */
export function sureness(name: string, source: string): Sureness {
  if (PROVEN.some((proven) => proven.name === name)) return 'proven';
  return source === 'knowledge' ? 'recollected' : 'read';
}

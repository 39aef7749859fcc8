import { failure, type Outcome, succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import type { RunningStack } from './stack.ts';

/** A place where the stack keeps data, and how to leave a mark there that must survive. */
export interface Keeper {
  readonly service: string;
  /** `PostgreSQL`, `Redis`, or the volume's folder. */
  readonly what: string;
  write(container: Container, mark: string): Promise<Outcome>;
  /** True when the mark is still there. */
  holds(container: Container, mark: string): Promise<boolean>;
}

const psql = (sql: string): string =>
  `PGPASSWORD="\${POSTGRES_PASSWORD:-}" psql -v ON_ERROR_STOP=1 -qtA -U "\${POSTGRES_USER:-postgres}" -d "\${POSTGRES_DB:-\${POSTGRES_USER:-postgres}}" -c "${sql}"`;
/** The password stands in the command line of the server as often as in a variable. */
const redis = (words: string): string =>
  `p="\${REDIS_PASSWORD:-\${VALKEY_PASSWORD:-}}"; [ -n "$p" ] || p=$(tr '\\0' '\\n' </proc/1/cmdline | sed -n '/^--requirepass$/{n;p;}'); c=$(command -v valkey-cli || command -v redis-cli) && REDISCLI_AUTH="$p" $c ${words}`;

/** Where data lives, asked of the running containers: a database answers in its own language, another volume gets a file. */
export async function keepers(stack: RunningStack, seen: readonly Container[]): Promise<Keeper[]> {
  const found: Keeper[] = [];
  // Several services may share a volume: one mark in it is enough, written by one that may write.
  const marked = new Set<string>();
  for (const container of seen.filter((candidate) => candidate.running)) {
    const says = (text: string): Promise<Outcome> =>
      stack.engine.command(['exec', container.id, 'sh', '-c', text], { ...stack.call, seconds: 20 });
    const isPostgres =
      container.env.some((pair) => /^(PGDATA|POSTGRES_)/.test(pair)) && succeeded(await says(psql('select 1')));
    if (isPostgres) {
      found.push(postgres(stack, container.service));
      continue;
    }
    const pong = container.exposed.includes(6379) ? await says(redis('ping')) : undefined;
    if (pong?.stdout.trim() === 'PONG') {
      // A cache without a volume is meant to forget.
      if (container.volumes.length > 0) found.push(redisKeeper(stack, container.service));
      continue;
    }
    for (const volume of container.volumes) {
      if (!volume.writable || marked.has(volume.name)) continue;
      marked.add(volume.name);
      found.push(folder(stack, container.service, volume.target));
    }
  }
  return found;
}

function inShell(stack: RunningStack, container: Container, text: string): Promise<Outcome> {
  return stack.engine.command(['exec', container.id, 'sh', '-c', text], { ...stack.call, seconds: 20 });
}

function postgres(stack: RunningStack, service: string): Keeper {
  return {
    service,
    what: 'a PostgreSQL table',
    write: (container, mark) =>
      inShell(
        stack,
        container,
        psql(`create table if not exists plimsoll_mark(v text); insert into plimsoll_mark values ('${mark}')`),
      ),
    holds: async (container, mark) => {
      const read = await inShell(stack, container, psql('select v from plimsoll_mark'));
      return succeeded(read) && read.stdout.includes(mark);
    },
  };
}

function redisKeeper(stack: RunningStack, service: string): Keeper {
  return {
    service,
    what: 'a Redis key',
    write: async (container, mark) => {
      const set = await inShell(stack, container, redis(`set plimsoll_mark ${mark}`));
      return set.stdout.trim() === 'OK' ? set : { ...set, exit: 1, fault: failure(set) };
    },
    holds: async (container, mark) =>
      (await inShell(stack, container, redis('get plimsoll_mark'))).stdout.includes(mark),
  };
}

/** A file is put through the engine: neither a shell nor the right to write is needed in the image. */
function folder(stack: RunningStack, service: string, target: string): Keeper {
  return {
    service,
    what: target,
    write: (container, mark) =>
      stack.engine.command(['cp', '-', `${container.id}:${target}`], {
        ...stack.call,
        input: tarOf('plimsoll-mark', mark),
      }),
    holds: async (container, mark) => {
      const read = await stack.engine.command(['cp', `${container.id}:${target}/plimsoll-mark`, '-'], stack.call);
      return succeeded(read) && read.stdout.includes(mark);
    },
  };
}

/** A tar archive with one small text file (POSIX ustar), readable for everybody. */
export function tarOf(name: string, text: string): string {
  const field = (value: string, width: number): string => value.padEnd(width, '\0');
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const head = (checksum: string): string =>
    field(name, 100) +
    octal(0o644, 8) +
    octal(0, 8) +
    octal(0, 8) +
    octal(text.length, 12) +
    octal(0, 12) +
    checksum +
    '0' +
    field('', 100) +
    'ustar\0' +
    '00' +
    field('', 247);
  const sum = [...head(' '.repeat(8))].reduce((total, char) => total + char.charCodeAt(0), 0);
  const header = head(`${sum.toString(8).padStart(6, '0')}\0 `);
  return header + field(text, Math.ceil(text.length / 512) * 512) + '\0'.repeat(1024);
}

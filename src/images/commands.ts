import { type Fact, known, type Presence, type Reason, unknown } from '../facts/fact.ts';
import { dataTable } from '../text/data.ts';
import type { BaseRow, Condition, Conditional } from './base-image.ts';
import { atLeast } from './version.ts';

interface RootCommands {
  readonly debian: Readonly<Record<string, string>>;
  readonly alpine: string;
}

/** What decides about conditional commands of an image. */
export interface Variant {
  readonly tag: string | undefined;
  readonly version: string | undefined;
  readonly suite: string | undefined;
}

/** Bases that bring a language or nothing: no server or tool that projects install for themselves. */
const PLAIN_BASES = /^(debian|ubuntu|alpine|node|python)(:|$)/;
const PROJECT_PROGRAMS =
  'gunicorn uvicorn hypercorn daphne granian celery flask fastapi django-admin alembic dramatiq arq rq poetry pipenv pdm uv streamlit jupyter tsx ts-node nodemon pm2 next nuxt vite nest tsc serve http-server concurrently prisma sequelize knex postgres mysqld mariadbd mongod redis-server valkey-server rabbitmq-server mvn gradle go cargo rustc dotnet composer php java javac'.split(
    ' ',
  );

/** Presence of every command that the table speaks of. Absence is asserted only where `sure`. */
export function tabledCommands(
  row: BaseRow,
  variant: Variant,
  sure: boolean,
  reason: Reason,
): ReadonlyMap<string, Fact<Presence>> {
  const out = new Map<string, Fact<Presence>>();
  const doubtful = (name: string) => unknown(`the table is not sure whether ${row.key} has ${name}`, reason);
  for (const name of words(row.present)) out.set(name, known<Presence>('present', reason));
  for (const name of words(row.absent)) out.set(name, sure ? known('absent', reason) : doubtful(name));
  for (const item of row.conditional) {
    const presence = conditionalPresence(item, variant);
    const value =
      presence === undefined || (presence === 'absent' && !sure)
        ? unknown(`whether ${row.key} has ${item.bin} depends on its version or release`, reason)
        : known(presence, reason);
    out.set(item.bin, value);
  }
  if (sure && PLAIN_BASES.test(row.key))
    for (const name of PROJECT_PROGRAMS) if (!out.has(name)) out.set(name, known('absent', reason));
  for (const name of words(row.unsure)) out.set(name, doubtful(name));
  return out;
}

function conditionalPresence(item: Conditional, variant: Variant): Presence | undefined {
  if (holds(item.presentIf, variant)) return 'present';
  return holds(item.absentIf, variant) ? 'absent' : undefined;
}

function holds(condition: Condition | undefined, variant: Variant): boolean {
  if (!condition || condition.releasedBefore !== undefined) return false;
  if (condition.always) return true;
  if (condition.versionBelow !== undefined && atLeast(variant.version, condition.versionBelow) !== false) return false;
  if (condition.versionAtLeast !== undefined && atLeast(variant.version, condition.versionAtLeast) !== true)
    return false;
  if (condition.suite && !(variant.suite !== undefined && condition.suite.includes(variant.suite))) return false;
  if (condition.tagContains !== undefined && variant.tag?.includes(condition.tagContains) !== true) return false;
  if (condition.tagLacks !== undefined && variant.tag?.includes(condition.tagLacks) !== false) return false;
  return true;
}

export function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(' ');
}

/** Absolute paths of the commands of a distribution's smallest root, which its images all have. */
export function rootCommandPaths(distro: string | null, suite: string | undefined): readonly string[] | undefined {
  const table = dataTable<RootCommands>('images/root-commands');
  if (distro === 'alpine') return words(table.alpine);
  const list = distro === 'debian' && suite !== undefined ? table.debian[suite] : undefined;
  return list === undefined ? undefined : words(list).map((path) => (path.startsWith('/') ? path : `/usr/bin/${path}`));
}

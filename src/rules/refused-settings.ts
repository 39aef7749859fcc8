import type { Service } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** A setting with which a server ends at its start. */
export interface RefusedSetting {
  readonly subject: string;
  readonly at: Place;
  /** `MYSQL_USER is root` */
  readonly text: string;
  /** What the server says of it. */
  readonly why: string;
}

/** Settings of compose that the server of an image certainly refuses. `words`: its command, empty where compose gives none. */
export function refusedSettings(service: Service, words: readonly string[]): readonly RefusedSetting[] {
  switch (service.server?.name) {
    case 'MySQL':
      return mysql(service, words);
    case 'MinIO':
      return minio(service);
    case 'RabbitMQ':
      return rabbit(service);
    case 'Redis':
    case 'Valkey':
      return redis(service, words);
    default:
      return [];
  }
}

function given(service: Service, name: string): { readonly value: string; readonly at: Place } | undefined {
  const entry = service.env.get(name);
  if (entry === undefined || entry.origin === 'image' || !entry.value.known || entry.at === undefined) return undefined;
  return { value: entry.value.value, at: entry.at };
}

/** `8.4` → 804; a tag without numbers is the newest; undefined: older than the checks, or not known. */
function versionOf(service: Service): { readonly whole: number; readonly patch: number | undefined } | undefined {
  const image = service.compose.image?.fact;
  if (image?.known !== true) return undefined;
  const tag = /:([\w.-]+)$/.exec(image.value.replace(/@.*$/, ''))?.[1] ?? 'latest';
  const [, major, minor, patch] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(tag) ?? [];
  if (major === undefined)
    return /^(latest|lts|innovation|oracle)/.test(tag) ? { whole: 9900, patch: undefined } : undefined;
  return { whole: Number(major) * 100 + Number(minor ?? 99), patch: patch === undefined ? undefined : Number(patch) };
}

function mysql(service: Service, words: readonly string[]): readonly RefusedSetting[] {
  const version = versionOf(service);
  if (version === undefined) return [];
  const found: RefusedSetting[] = [];
  const user = given(service, 'MYSQL_USER');
  // Looked for since 2021 (8.0.23, 5.7.33).
  const least = { 800: 23, 507: 33 }[version.whole];
  const checks = version.whole > 800 || (least !== undefined && (version.patch ?? 99) >= least);
  if (user?.value === 'root' && checks)
    found.push({
      subject: 'MYSQL_USER',
      at: user.at,
      text: 'MYSQL_USER is root',
      why: 'MYSQL_USER and MYSQL_PASSWORD are for another user: root has MYSQL_ROOT_PASSWORD alone',
    });
  const plugin = words.find((word) => /^--default[-_]authentication[-_]plugin\b/.test(word));
  if (plugin !== undefined && version.whole >= 804)
    found.push({
      subject: 'default-authentication-plugin',
      at: service.compose.command?.at ?? service.at,
      text: `its command says ${plugin}`,
      why: 'MySQL 8.4 and later know no such variable and abort',
    });
  return found;
}

function minio(service: Service): readonly RefusedSetting[] {
  return (
    [
      ['MINIO_ROOT_USER', 3],
      ['MINIO_ROOT_PASSWORD', 8],
    ] as const
  ).flatMap(([name, least]): RefusedSetting[] => {
    const entry = given(service, name);
    if (entry === undefined || entry.value === '' || entry.value.length >= least) return [];
    return [
      {
        subject: name,
        at: entry.at,
        text: `${name} has ${entry.value.length} characters`,
        why: `MinIO wants at least ${least}`,
      },
    ];
  });
}

const GONE = ['RABBITMQ_DEFAULT_PASS_FILE', 'RABBITMQ_DEFAULT_USER_FILE', 'RABBITMQ_VM_MEMORY_HIGH_WATERMARK'];

function rabbit(service: Service): readonly RefusedSetting[] {
  const version = versionOf(service);
  const image = service.compose.image?.fact;
  const newest =
    image?.known === true && /(^|\/)rabbitmq(:(latest|management|alpine|management-alpine))?$/.test(image.value);
  if (!newest && (version === undefined || version.whole < 309)) return [];
  return GONE.flatMap((name): RefusedSetting[] => {
    const entry = service.env.get(name);
    if (entry?.at === undefined || entry.origin === 'image') return [];
    return [
      {
        subject: name,
        at: entry.at,
        text: `${name} is set`,
        why: 'since 3.9 the entrypoint of the image stops when it sees it',
      },
    ];
  });
}

/** An option that wants a value and has none: a variable that is empty, without quotes. */
function redis(service: Service, words: readonly string[]): readonly RefusedSetting[] {
  const index = words.indexOf('--requirepass');
  const next = words[index + 1];
  if (index === -1 || (next !== undefined && !next.startsWith('--'))) return [];
  return [
    {
      subject: '--requirepass',
      at: service.compose.command?.at ?? service.at,
      text: '--requirepass has no value',
      why: 'the server says "wrong number of arguments" and ends',
    },
  ];
}

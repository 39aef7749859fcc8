import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { dataTable } from '../text/data.ts';
import type { BaseImage, BaseRow, Bounds } from './base-image.ts';
import { rootCommandPaths, tabledCommands } from './commands.ts';
import { officialTag } from './official.ts';
import { type ImageReference, parseReference } from './reference.ts';
import { suiteOf } from './suite.ts';
import { atLeast, tagVersion } from './version.ts';

interface BaseTable {
  readonly date: string;
  readonly bases: readonly BaseRow[];
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** Families whose tracked commands have held for many years: an old pinned tag may be judged like a current one. */
const STEADY = /^(node|python|debian|alpine|golang|ruby|rust|scratch|buildpack-deps)(:|$)/;

/** Looks an image up. Unknown: no entry fits, a digest hides the variant, or the platform is Windows. */
export function lookupImage(
  reference: string | ImageReference,
  options: { readonly platform?: Platform } = {},
): Fact<BaseImage> {
  const parsed = typeof reference === 'string' ? parseReference(reference) : reference;
  if (!parsed) return unknown(`${String(reference)} is not an image reference`);
  const tag = parsed.tag;
  if (options.platform?.os === 'windows' || /windowsservercore|nanoserver/.test(tag ?? '')) {
    return unknown(`${parsed.text} is a Windows image, of which nothing is described`);
  }
  const table = dataTable<BaseTable>('images/bases');
  const rows = table.bases.filter((item) => new RegExp(item.repo).test(parsed.name));
  if (rows.length === 0) return unknown(`nothing is known of the image ${parsed.text}`);
  if (tag === undefined && rows.length > 1)
    return unknown(`${parsed.text} names a digest only: its variant is not known`);
  const row = rows.find((item) => item.tag === undefined || (tag !== undefined && new RegExp(item.tag).test(tag)));
  if (!row) return unknown(`nothing is known of the variant ${tag ?? ''} of ${parsed.name}`);
  return baseOf(row, parsed, table.date);
}

function baseOf(row: BaseRow, reference: ImageReference, date: string): Fact<BaseImage> {
  const { name, tag } = reference;
  const reason: Reason = {
    kind: 'base-image',
    ref: `${row.key}, table of ${date}`,
    text: `the base image ${reference.text}`,
  };
  const entry = tag === undefined ? undefined : officialTag(name, tag);
  const version = tag === undefined ? undefined : (tagVersion(tag) ?? siblingVersion(entry?.tags));
  const distro = dotnetDistro(row, tag, version) ?? row.distro;
  const suite = suiteOf(reference, distro, row.suite);
  const current = entry === undefined ? undefined : entry !== null && reference.digest === undefined;
  const sure = row.confidence === 'high' && (current !== false || STEADY.test(row.key));
  const doubt = (what: string) => unknown(`${what} of ${reference.text} cannot be told from its tag`, reason);
  const libc = row.key === 'busybox' ? busyboxLibc(tag) : row.libc;
  const debug = distro === 'distroless' && /(^|-)debug(-|$)/.test(tag ?? '');
  const nonroot = distro === 'distroless' && /(^|-)nonroot(-|$)/.test(tag ?? '');
  const paths = rootCommandPaths(distro, suite);
  const size = row.size?.[''] ?? row.size?.[suite ?? ''] ?? row.size?.[version ?? ''];
  const healthcheck = parseHealthcheck(row.healthcheck);
  const commands = tabledCommands(row, { tag, version, suite }, sure && !debug, reason);
  return known(
    {
      reference,
      family: row.key,
      reason,
      confidence: sure ? 'high' : 'low',
      ...(current === undefined ? {} : { current }),
      ...(version === undefined ? {} : { version }),
      distro: distro === null ? doubt('the distribution') : known(distro, reason),
      release: suite === undefined ? doubt('the release') : known(suite, reason),
      libc: libc === null ? doubt('the C library') : known(libc, reason),
      packageManager: distro === null ? doubt('the package manager') : known(row.manager, reason),
      shell: debug ? known('busybox', reason) : distro === null ? doubt('the shell') : known(row.sh, reason),
      commands,
      paths:
        paths === undefined
          ? unknown(`the commands of ${reference.text} are not listed in full`, reason)
          : known({ paths, complete: sure && /^(debian|alpine)(:|$)/.test(row.key) }, reason),
      user: nonroot ? '65532' : row.user,
      users: row.users.map(([user, uid, gid, home, shell]) => ({
        name: user,
        uid,
        gid,
        ...(home === null ? {} : { home }),
        ...(shell === null ? {} : { shell }),
      })),
      groups: new Map(Object.entries(row.groups ?? {})),
      workdir: nonroot ? '/home/nonroot' : row.workdir,
      entrypoint: row.entrypoint,
      cmd: row.cmd,
      ...(healthcheck ? { healthcheck } : {}),
      ports: row.ports.map((text) => ({
        port: Number.parseInt(text, 10),
        protocol: text.endsWith('udp') ? 'udp' : 'tcp',
      })),
      volumes: row.volumes.filter((item) => within(version, item) !== false).map((item) => item.path),
      env: environment(row, reference, version, reason),
      stopSignal: row.stopSignal ?? 'SIGTERM',
      languages: languages(name, tag, version, reason),
      writable: row.writable,
      runtimeWrites: row.runtimeWrites,
      ...(size ? { size: { unpacked: size.unpackedMB * 1e6, compressed: size.compressedMB * 1e6 } } : {}),
      doubts: row.doubts,
    },
    reason,
  );
}

/** The fullest version among the tags of one image: what `lts-slim` is today. */
function siblingVersion(tags: readonly string[] | undefined): string | undefined {
  const versions = (tags ?? []).map(tagVersion).filter((item) => item !== undefined);
  return versions.sort((a, b) => b.split('.').length - a.split('.').length)[0];
}

function within(version: string | undefined, bounds: Bounds): boolean | undefined {
  const from = bounds.atLeast === undefined ? true : atLeast(version, bounds.atLeast);
  const to = bounds.below === undefined ? false : atLeast(version, bounds.below);
  if (from === false || to === true) return false;
  return from === undefined || to === undefined ? undefined : true;
}

function environment(
  row: BaseRow,
  reference: ImageReference,
  version: string | undefined,
  reason: Reason,
): ReadonlyMap<string, Fact<string>> {
  const out = new Map<string, Fact<string>>();
  for (const [name, item] of Object.entries(row.env)) {
    const holds = within(version, item);
    if (holds === false) continue;
    const full =
      reference.tag !== undefined && /^v?\d+\.\d+\.\d+/.test(reference.tag) ? tagVersion(reference.tag) : undefined;
    const value = item.version ? full : item.value;
    out.set(
      name,
      value === undefined || holds === undefined
        ? unknown(`the value of ${name} in ${reference.text} is not known`, reason)
        : known(value, reason),
    );
  }
  return out;
}

function busyboxLibc(tag: string | undefined): 'glibc' | 'musl' | null {
  if (tag === undefined || tag.includes('uclibc')) return null;
  return tag.includes('musl') ? 'musl' : 'glibc';
}

/** 8.0 and 9.0 are Debian unless the tag says otherwise; 10.0's default is not certain. */
function dotnetDistro(
  row: BaseRow,
  tag: string | undefined,
  version: string | undefined,
): BaseRow['distro'] | undefined {
  if (row.distro !== null || !row.key.includes('dotnet')) return undefined;
  if (/noble|jammy|resolute/.test(tag ?? '')) return /chiseled/.test(tag ?? '') ? null : 'ubuntu';
  if (/azurelinux|cbl-mariner/.test(tag ?? '')) return null;
  if (/bookworm|trixie/.test(tag ?? '')) return 'debian';
  return version !== undefined && atLeast(version, '10') === false ? 'debian' : null;
}

const LANGUAGE: Readonly<Record<string, readonly [string, number]>> = {
  node: ['node', 1],
  python: ['python', 2],
  golang: ['go', 2],
  rust: ['rust', 2],
  ruby: ['ruby', 2],
  php: ['php', 2],
};

function languages(
  name: string,
  tag: string | undefined,
  version: string | undefined,
  reason: Reason,
): ReadonlyMap<string, Fact<string>> {
  const own = LANGUAGE[name];
  const jdk = javaOf(name, tag);
  if (jdk !== undefined) return new Map([['java', known(jdk, reason)]]);
  const dotnet = /^mcr\.microsoft\.com\/dotnet\/(sdk|aspnet|runtime)$/.exec(name)?.[1];
  const line = /^(\d+\.\d+)(?![\d])/.exec(tag ?? '')?.[1];
  if (dotnet !== undefined && line !== undefined)
    return new Map([[dotnet === 'sdk' ? 'dotnet-sdk' : 'dotnet', known(line, reason)]]);
  const uv = name === 'ghcr.io/astral-sh/uv' ? /(?:^|-)python(\d+\.\d+)/.exec(tag ?? '')?.[1] : undefined;
  if (uv !== undefined) return new Map([['python', known(uv, reason)]]);
  const distroless = /^gcr\.io\/distroless\/nodejs(\d+)/.exec(name)?.[1];
  if (distroless !== undefined) return new Map([['node', known(distroless, reason)]]);
  if (name === 'gcr.io/distroless/python3-debian12') return new Map([['python', known('3.11', reason)]]);
  if (name === 'gcr.io/distroless/python3-debian13') return new Map([['python', known('3.13', reason)]]);
  if (!own) return new Map();
  const [language, depth] = own;
  const parts = version?.split('.') ?? [];
  const abi = parts.slice(0, depth).join('.');
  return new Map([
    [
      language,
      parts.length >= depth
        ? known(abi, reason)
        : unknown(`which ${language} ${name}:${tag ?? ''} has is not known`, reason),
    ],
  ]);
}

/** The one JDK or JRE of an image, by its tag: `17` of `eclipse-temurin:17-jre`, `maven:3.9-eclipse-temurin-17`, `gradle:8-jdk17`. */
function javaOf(name: string, tag = ''): string | undefined {
  if (name === 'eclipse-temurin') return /^(\d+)(?![\d])/.exec(tag)?.[1];
  if (name === 'maven') return /-(?:eclipse-temurin|openjdk|jdk)-(\d+)(?![\d.])/.exec(tag)?.[1];
  return name === 'gradle' && !tag.includes('lts') ? /(?:^|-)jdk-?(\d+)(?![\d])/.exec(tag)?.[1] : undefined;
}

function parseHealthcheck(text: string | null): BaseImage['healthcheck'] {
  const match = /^CMD (\S+), interval (\d+)s, timeout (\d+)s, start period (\d+)s$/.exec(text ?? '');
  if (!match) return undefined;
  return {
    command: match[1] ?? '',
    interval: Number(match[2]),
    timeout: Number(match[3]),
    startPeriod: Number(match[4]),
  };
}

/** An image reference in parts. */
export interface ImageReference {
  /** As written. */
  readonly text: string;
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** Path in the registry: `library/node`, `astral-sh/uv`. */
  readonly repository: string;
  /** How tables call it: `node`, `bitnami/redis`, `ghcr.io/astral-sh/uv`; registries that mirror the official images count as them. */
  readonly name: string;
  /** `latest` where neither tag nor digest is written; undefined with a digest alone. */
  readonly tag?: string;
  readonly tagWritten: boolean;
  readonly digest?: string;
}

/** The official images are also served by these, under the same tags. */
const OFFICIAL_MIRRORS: readonly string[] = ['public.ecr.aws/docker/library/', 'mirror.gcr.io/library/'];
const HUB = /^(?:(?:www|index|registry-1|registry\.hub)\.)?docker\.(?:io|com)$/;

/** Parses a reference as the engine does (distribution/reference); `undefined` when the engine would refuse it. */
export function parseReference(text: string): ImageReference | undefined {
  const match =
    /^(?<path>[^@\s]+?)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,}))?$/.exec(text);
  const path = match?.groups?.['path'];
  if (path === undefined) return undefined;
  const slash = path.indexOf('/');
  const head = slash === -1 ? '' : path.slice(0, slash);
  const named = head.includes('.') || head.includes(':') || head === 'localhost' || head !== head.toLowerCase();
  const registry = named ? (HUB.test(head) ? 'docker.io' : head) : 'docker.io';
  const rest = named ? path.slice(slash + 1) : path;
  if (!/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(rest))
    return undefined;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const tag = match?.groups?.['tag'];
  const digest = match?.groups?.['digest'];
  return {
    text,
    registry,
    repository,
    name: tableName(registry, repository),
    ...(tag !== undefined ? { tag } : digest === undefined ? { tag: 'latest' } : {}),
    tagWritten: tag !== undefined,
    ...(digest === undefined ? {} : { digest }),
  };
}

function tableName(registry: string, repository: string): string {
  if (registry === 'docker.io') return repository.replace(/^library\//, '');
  const full = `${registry}/${repository}`;
  const mirror = OFFICIAL_MIRRORS.find((prefix) => full.startsWith(prefix));
  return mirror ? full.slice(mirror.length) : full;
}

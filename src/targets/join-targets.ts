import { folderOf } from '../compose/repo-path.ts';
import type { Fact, Reason } from '../facts/fact.ts';
import { isFixture } from './purpose.ts';
import { BUILD_SOURCES, type BuildRequest, type BuildUse, type DiscoveredTarget } from './types.ts';

/** Joins requests that build the same thing: Dockerfile, context, stage and known arguments. */
export function joinTargets(requests: readonly BuildRequest[]): readonly DiscoveredTarget[] {
  const groups = new Map<string, BuildRequest[]>();
  const last = (request: BuildRequest) => (request.argsUnread === true ? 1 : 0);
  for (const request of [...requests].sort((a, b) => last(a) - last(b))) {
    const id = baseId(request);
    const same = request.argsUnread === true ? [...groups.keys()].find((key) => key.startsWith(`${id}?`)) : undefined;
    const key = same ?? `${id}?${argsText(request)}`;
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  const counts = new Map<string, number>();
  for (const [first] of groups.values())
    if (first !== undefined) counts.set(baseId(first), (counts.get(baseId(first)) ?? 0) + 1);
  const targets = [...groups.values()].flatMap((group): DiscoveredTarget[] => {
    const [first] = group;
    if (first === undefined) return [];
    const id = baseId(first);
    const args = argsText(first);
    const uses = uniqueUses(group.map((request) => request.use));
    return [
      {
        id: (counts.get(id) ?? 0) > 1 && args !== '' ? `${id}?${args}` : id,
        dockerfile: first.dockerfile,
        ...(first.inline === undefined ? {} : { inline: first.inline }),
        context: first.context,
        ...(first.stage === undefined ? {} : { stage: first.stage }),
        args: new Map(group.flatMap((request) => [...(request.args ?? [])])),
        platforms: [...new Set(group.flatMap((request) => request.platforms ?? []))],
        additionalContexts: new Map(group.flatMap((request) => [...(request.additionalContexts ?? [])])),
        uses,
        because: uses.map(
          (use): Reason => ({ kind: use.source === 'compose' ? 'compose' : 'source', at: use.at, text: use.text }),
        ),
        rank: uses.some((use) => use.source !== 'docs') ? 'live' : 'documented',
        fixture: isFixture(first.dockerfile.known ? first.dockerfile.value : (uses[0]?.at.file ?? '')),
      },
    ];
  });
  return targets.sort((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function rankOf(target: DiscoveredTarget): number {
  return (target.rank === 'live' ? 0 : 1) + (target.fixture ? 2 : 0);
}

function said(fact: Fact<string> | undefined): string {
  return fact === undefined ? '' : fact.known ? fact.value : '(unknown)';
}

function baseId(request: BuildRequest): string {
  const { dockerfile, context, inline, stage } = request;
  const file = inline !== undefined ? `${inline.at.file}:${request.use.name ?? inline.at.line}` : said(dockerfile);
  const usual = dockerfile.known && context.known && folderOf(dockerfile.value) === context.value;
  // Two builds that both cannot be known are not the same build.
  const anonymous =
    !dockerfile.known && inline === undefined
      ? `[${request.use.source} ${request.use.name ?? ''} ${request.use.at.file}:${request.use.at.line}]`
      : '';
  const folder = said(context);
  return `${file}${anonymous}${usual ? '' : `@${folder === '' ? '.' : folder}`}${stage === undefined ? '' : `#${said(stage)}`}`;
}

function argsText(request: BuildRequest): string {
  return [...(request.args ?? [])]
    .flatMap(([name, fact]) => (fact.known ? [`${name}=${fact.value}`] : []))
    .sort()
    .join('&');
}

function uniqueUses(uses: readonly BuildUse[]): readonly BuildUse[] {
  const seen = new Map<string, BuildUse>();
  for (const use of uses) {
    const key = `${use.at.file}:${use.at.line}:${use.name ?? ''}`;
    const before = seen.get(key);
    // A file used for development and otherwise is not only for development.
    if (before === undefined) seen.set(key, use);
    else if (before.development && !use.development) seen.set(key, use);
  }
  return [...seen.values()].sort(
    (a, b) =>
      BUILD_SOURCES.indexOf(a.source) - BUILD_SOURCES.indexOf(b.source) ||
      (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.line - b.at.line),
  );
}

import { isTemplate } from '../dockerfile/template.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { Repo } from '../repo/repo.ts';
import { discoverTargets } from '../targets/discover.ts';
import type { DiscoveredTarget } from '../targets/types.ts';
import { bareStack } from './bare-stack.ts';
import { buildTarget, type DockerfileCache, dockerfileOf } from './build-target.ts';
import { dependenciesOf } from './dependencies.ts';
import { buildsSame, stackOf } from './stack.ts';
import type { BuildTarget, Model, RepositoryNode, Stack } from './types.ts';

export interface ModelOptions {
  /** ISO date for ends of life: the caller's clock, so that this stays pure. */
  readonly today: string;
}

/** Joins a repository into build targets, stacks and services. Nothing is simulated before a rule asks. */
export function buildModel(repo: Repo, { today }: ModelOptions): Model {
  const discovery = discoverTargets(repo);
  const cache: DockerfileCache = new Map();
  const silent: Dockerfile['problems'][number][] = [];
  const all = [...discovery.targets, ...discovery.orphans].flatMap((found): Pair[] => {
    const orphan = isOrphan(found, discovery.targets);
    const target = buildTarget({ repo, found, orphan, today, cache });
    if (target !== undefined) return [{ found, target }];
    silent.push(...whyNoTarget(dockerfileOf(repo, found, cache), orphan));
    return [];
  });
  const pairs = likeliestGuesses(all);
  const targetOf = (service: Parameters<typeof buildsSame>[2]): BuildTarget | undefined =>
    pairs.find(({ found }) => buildsSame(repo, found, service))?.target;
  const composed = discovery.combinations.map((combination) =>
    stackOf({ repo, combination, combinations: discovery.combinations, targetOf, today }),
  );
  const used = new Set(
    composed.flatMap((s) => s.services.flatMap((v) => (v.target === undefined ? [] : [v.target.id]))),
  );
  const targets = pairs.map((p) => p.target);
  const bare: readonly Stack[] = targets
    .filter((t) => !t.orphan && !used.has(t.id))
    .map((t) => bareStack(repo, t, today));
  const stacks = [...composed, ...bare];
  const repository: RepositoryNode = {
    repo,
    targets,
    stacks: composed,
    problems: problemsOf(targets, composed, [...discovery.problems, ...silent]),
  };
  return { repository, targets, stacks, dependencies: dependenciesOf(stacks) };
}

/** What is said of a Dockerfile that makes no target: it is too long to be judged, or what is really built holds no stage. */
function whyNoTarget(dockerfile: Dockerfile | undefined, orphan: boolean): Dockerfile['problems'] {
  if (dockerfile === undefined) return [];
  const [first] = dockerfile.instructions;
  if (first !== undefined && isTemplate(dockerfile))
    return [
      { level: 'warning', at: first.place, text: 'it is a template, which something fills in before it is built' },
    ];
  const unread = dockerfile.nodes.length === 0;
  return dockerfile.problems.filter((p) => (p.level === 'warning' ? unread : !orphan));
}

interface Pair {
  readonly found: DiscoveredTarget;
  readonly target: BuildTarget;
}

/** Of a Dockerfile whose context is only guessed, one guess is kept: the one in which its sources are found. */
function likeliestGuesses(pairs: readonly Pair[]): readonly Pair[] {
  const chosen = new Map<string, Pair>();
  for (const pair of pairs) {
    if (pair.found.rank !== 'orphan') continue;
    const { file } = pair.target.dockerfile;
    const earlier = chosen.get(file);
    if (earlier === undefined || lostSources(pair.target) < lostSources(earlier.target)) chosen.set(file, pair);
  }
  return pairs.filter((pair) => pair.found.rank !== 'orphan' || chosen.get(pair.target.dockerfile.file) === pair);
}

function lostSources(target: BuildTarget): number {
  return target.trace.breaks.filter((b) => b.kind.startsWith('copy-source')).length;
}

/** A file called exactly Dockerfile in a folder where nothing else is built is built by hand: see docs/decisions/0002. */
function isOrphan(found: DiscoveredTarget, live: readonly DiscoveredTarget[]): boolean {
  if (found.rank !== 'orphan') return found.fixture;
  const path = found.dockerfile.known ? found.dockerfile.value : undefined;
  if (path === undefined || found.fixture) return true;
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const sameFolder = live.some(
    (l) =>
      l.dockerfile.known &&
      (l.dockerfile.value.includes('/') ? l.dockerfile.value.slice(0, l.dockerfile.value.lastIndexOf('/')) : '') ===
        folder,
  );
  const guessesOwnFolder = found.context.known && found.context.value === folder;
  return !/(^|\/)(Dockerfile|Containerfile)$/.test(path) || sameFolder || !guessesOwnFolder;
}

/** Compose files that are not there, and those and env files that cannot be read. A missing env file is for a rule to judge. */
const ABSENT: ReadonlySet<string> = new Set(['missing-file', 'unreadable-file', 'env-file', 'too-large']);

function problemsOf(
  targets: readonly BuildTarget[],
  stacks: readonly Stack[],
  found: RepositoryNode['problems'],
): RepositoryNode['problems'] {
  const all = [
    ...found,
    ...targets.flatMap((t) => t.dockerfile.problems.filter((p) => p.level === 'error')),
    // What Compose refuses for what the files say is a finding.
    ...stacks.flatMap((s) => s.model.problems.filter((p) => p.effect === 'refused' && ABSENT.has(p.kind))),
  ];
  const seen = new Set<string>();
  return all.filter((p) => {
    const key = `${p.at.file}:${p.at.line}:${p.text}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

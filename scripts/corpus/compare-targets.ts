import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openDirectory } from '../../src/repo/directory.ts';
import { discoverTargets } from '../../src/targets/discover.ts';
import type { DiscoveredTarget } from '../../src/targets/types.ts';

/** An entry of docs/accuracy/targets.json. `corrected`: the reader was wrong and takes it back; `added`: forgotten at first. */
interface CountedTarget {
  readonly dockerfile: string;
  readonly stage: string | null;
  readonly context: string;
  readonly by: string;
  readonly corrected?: string;
  readonly added?: string;
}

interface CountedRepository {
  readonly repository: string;
  readonly commit: string;
  /** Only this folder was counted. */
  readonly under?: string;
  readonly targets: readonly CountedTarget[];
  readonly orphans: readonly string[];
  readonly undecided?: readonly string[];
}

/** What is built: build arguments do not tell two targets apart here. */
interface Build {
  readonly file: string;
  readonly stage: string;
  /** Undefined: not known, fits any. */
  readonly context: string | undefined;
  readonly shown: string;
}

const USAGE = 'compare-targets.ts [--original] [--markdown] FOLDER\n  FOLDER holds check-outs named owner+name\n';
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const [folder] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const original = options.includes('--original');

/** A link is the file it leads to: both name one target. */
function realFile(root: string, file: string): string {
  const path = join(root, file);
  return existsSync(path) ? relative(realpathSync(root), realpathSync(path)) : file;
}

/** The stage that is built: with none chosen, the last one's name, or `` where it has none. */
function builtStage(root: string, file: string, stage: string | undefined): string {
  if (stage !== undefined) return stage.toLowerCase();
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return /\sAS\s+(\S+)/i.exec([...text.matchAll(/^[ \t]*FROM[ \t].*$/gim)].at(-1)?.[0] ?? '')?.[1]?.toLowerCase() ?? '';
}

function build(root: string, file: string, stage: string | undefined, context: string | undefined): Build {
  const shown = `${file}${stage === undefined ? '' : `#${stage}`} @ ${context === '' ? '.' : (context ?? '?')}`;
  return { file: realFile(root, file), stage: builtStage(root, file, stage), context, shown };
}

function counted(root: string, target: CountedTarget): Build {
  const context = target.context === 'unknown' ? undefined : target.context === '.' ? '' : target.context;
  return build(root, target.dockerfile, target.stage ?? undefined, context);
}

function discovered(root: string, target: DiscoveredTarget): Build | undefined {
  const stage = target.stage === undefined ? undefined : target.stage.known ? target.stage.value : '(unknown)';
  const context = target.context.known ? target.context.value : undefined;
  const name = target.uses[0]?.name;
  if (target.inline !== undefined) return build(root, `inline:${target.inline.at.file}#${name}`, stage, context);
  return target.dockerfile.known ? build(root, target.dockerfile.value, stage, context) : undefined;
}

function same(a: Build, b: Build): boolean {
  const contexts = a.context === undefined || b.context === undefined || a.context === b.context;
  return contexts && a.file === b.file && a.stage === b.stage;
}

function unique(builds: readonly Build[]): readonly Build[] {
  return builds.filter((item, index) => builds.findIndex((other) => same(item, other)) === index);
}

interface Compared {
  readonly expected: number;
  readonly missed: readonly Build[];
  readonly extra: readonly Build[];
  /** Named by a build, but no such file is there. */
  readonly absent: readonly Build[];
  readonly orphansListed: number;
}

function compare(root: string, count: CountedRepository): Compared {
  const kept = count.targets.filter((target) => (original ? target.added : target.corrected) === undefined);
  const expected = unique(kept.map((target) => counted(root, target)));
  const discovery = discoverTargets(openDirectory(root));
  const inside = (item: Build) => count.under === undefined || item.file.startsWith(`${count.under}/`);
  const found = unique(discovery.targets.flatMap((target) => discovered(root, target) ?? [])).filter(inside);
  const undecided = new Set(count.undecided?.map((file) => realFile(root, file)));
  const there = (item: Build) => item.file.startsWith('inline:') || existsSync(join(root, item.file));
  const more = found.filter((item) => !undecided.has(item.file) && !expected.some((other) => same(item, other)));
  const orphans = new Set(
    discovery.orphans.flatMap((target) => (target.dockerfile.known ? [target.dockerfile.value] : [])),
  );
  return {
    expected: expected.length,
    missed: expected.filter((item) => !found.some((other) => same(item, other))),
    extra: more.filter(there),
    absent: more.filter((item) => !there(item)),
    orphansListed: count.orphans.filter((file) => orphans.has(file)).length,
  };
}

if (folder === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const { repositories } = JSON.parse(readFileSync('docs/accuracy/targets.json', 'utf8')) as {
  readonly repositories: readonly CountedRepository[];
};
const sums = { expected: 0, found: 0, missed: 0, extra: 0, orphans: 0, orphansListed: 0 };
for (const count of repositories) {
  const root = join(folder, count.repository.replace('/', '+'));
  if (!existsSync(root)) {
    process.stderr.write(`${count.repository}: no check-out at ${root}\n`);
    continue;
  }
  const { expected, missed, extra, absent, orphansListed } = compare(root, count);
  const found = expected - missed.length;
  const numbers = [expected, found, missed.length, extra.length];
  process.stdout.write(
    options.includes('--markdown')
      ? `| ${count.repository} | ${count.commit.slice(0, 9)} | ${numbers.join(' | ')} |\n`
      : `${count.repository}: ${found}/${expected}, missed ${missed.length}, extra ${extra.length}, orphans ${orphansListed}/${count.orphans.length}\n`,
  );
  if (!options.includes('--markdown'))
    for (const [word, list] of Object.entries({ missed, extra, absent }))
      for (const item of list) process.stdout.write(`  ${word} ${item.shown}\n`);
  sums.expected += expected;
  sums.found += found;
  sums.missed += missed.length;
  sums.extra += extra.length;
  sums.orphans += count.orphans.length;
  sums.orphansListed += orphansListed;
}
process.stdout.write(`${JSON.stringify(sums)}\n`);

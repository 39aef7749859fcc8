// Compares our parser, lexer and matcher with BuildKit's on random inputs, and writes the table that the unit tests use.
// usage: node scripts/ts.mjs scripts/oracle/compare.ts [--count N] [--seed N] [--write]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { type Answer, ours, type Question } from './answers.ts';
import { CHOSEN } from './chosen.ts';
import { dockerfiles, globs, ignoreFiles, paths, words } from './inputs.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
const folder = resolve('scripts/oracle');
const binary = buildOracle();
if (binary === undefined) {
  console.log('skipped: there is no Go on this machine, so BuildKit cannot be asked');
  process.exit(0);
}

const ENV = { X: 'abc.tar.gz', Y: '', Z: 'a/b/a', é: 'accent' };
const sample = <T>(arbitrary: fc.Arbitrary<T>, n: number): T[] => fc.sample(arbitrary, { numRuns: n, seed });
const random: Question[] = [
  ...sample(dockerfiles, count).map((text): Question => ({ kind: 'parse', text })),
  ...sample(fc.tuple(words, fc.constantFrom('\\', '`')), count).map(
    ([text, escapeChar]): Question => ({ kind: 'expand', text, env: ENV, escape: escapeChar }),
  ),
  ...sample(fc.tuple(ignoreFiles, paths), count).map(
    ([text, names]): Question => ({ kind: 'ignore', text, paths: names }),
  ),
  ...sample(globs, count).map(([pattern, text]): Question => ({ kind: 'match', pattern, text })),
];
const questions = [...CHOSEN, ...random];
const answers = ask(questions);
let different = 0;
const kept: { question: Question; answer: Answer }[] = [];
questions.forEach((question, i) => {
  const answer = answers[i] ?? {};
  if (answer['panic'] === true) return;
  const pair = ours(question, answer);
  if (!isDeepStrictEqual(pair.ours, pair.theirs)) {
    different++;
    if (different <= 8) show(question, pair);
  } else if (i < CHOSEN.length || i % Math.ceil(random.length / 300) === 0) kept.push({ question, answer });
});
console.log(`${questions.length} inputs, ${different} answered differently (seed ${seed})`);
if (values.write && different === 0) {
  const source = 'scripts/oracle with github.com/moby/buildkit v0.25.2, github.com/moby/patternmatcher v0.6.1';
  writeFileSync('src/dockerfile/conformance.json', `${JSON.stringify({ source, seed, cases: kept }, null, 1)}\n`);
  console.log(`wrote ${kept.length} cases`);
}
process.exitCode = different === 0 ? 0 : 1;

/** Prints only what differs. */
function show(question: Question, pair: { readonly ours: Answer; readonly theirs: Answer }): void {
  console.log(JSON.stringify(question));
  for (const key of new Set([...Object.keys(pair.ours), ...Object.keys(pair.theirs)])) {
    if (isDeepStrictEqual(pair.ours[key], pair.theirs[key])) continue;
    console.log(
      `  ${key}: ours   ${JSON.stringify(pair.ours[key])}\n  ${key}: theirs ${JSON.stringify(pair.theirs[key])}`,
    );
  }
}

function buildOracle(): string | undefined {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const out = resolve('node_modules/.cache/oracle');
  mkdirSync(out, { recursive: true });
  const target = join(out, 'oracle');
  const built = spawnSync('go', ['build', '-o', target, '.'], { cwd: folder, stdio: 'inherit' });
  if (built.status !== 0 || !existsSync(target)) throw new Error('the oracle does not build');
  return target;
}

function ask(all: readonly Question[]): readonly Answer[] {
  const input = all.map((question) => JSON.stringify(question)).join('\n');
  const result = spawnSync(binary ?? '', [], { input, maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`the oracle failed: ${result.stderr}`);
  return String(result.stdout)
    .trim()
    .split('\n')
    .map((line): Answer => JSON.parse(line) as Answer);
}

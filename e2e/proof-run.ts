import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkRepo } from '../src/report/check-repo.ts';
import type { Case } from '../src/testing/case-file.ts';
import { caseRepo } from '../src/testing/judge.ts';
import { docker, type Ran } from './proof-engine.ts';
import type { ProvableCase } from './proof-records.ts';
import { runStack } from './proof-stack.ts';

/** `excerpt`: the line with the words that were expected. `fault`: what was not as the case says. `unavailable`: the engine has not got
 * an image that the case names, so nothing was tried. */
type Proof =
  | { readonly excerpt: string }
  | { readonly unavailable: string }
  | { readonly fault: string; readonly output: string };

const NO_IMAGE = /failed to resolve source metadata|pull access denied|manifest unknown/;

/** Lays a case out as a folder, builds or starts it on the engine, and looks for what it says. */
export async function proveCase(one: ProvableCase): Promise<Proof> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proof-'));
  try {
    layOut(one.content, folder);
    const { run } = one.content;
    const { ok, output } =
      run === 'build' || run === 'builds' ? await build(one, folder) : await runStack(one.content, folder);
    const expected = run === 'build' || run === 'refused' ? !ok : ok;
    const line = output.split(/\r?\n/).find((text) => said(text).includes(one.says));
    // "not found" of a base that this engine has not got would prove anything.
    const unavailable = output.split(/\r?\n/).find((text) => NO_IMAGE.test(text));
    if (unavailable !== undefined && !NO_IMAGE.test(one.says)) return { unavailable: short(unavailable) };
    if (!expected) return { fault: `${run}: the engine ${ok ? 'did it' : 'refused it'}`, output };
    if (line === undefined) return { fault: `the words are not in what the engine said: ${one.says}`, output };
    return { excerpt: short(line) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function layOut(content: Case, folder: string): void {
  for (const [path, { text, mode, link }] of content.files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (link !== undefined) {
      symlinkSync(link, file);
      continue;
    }
    writeFileSync(file, text);
    chmodSync(file, mode);
  }
}

/** Builds the target in which the finding stands; `--check` is part of what the engine says about a file. */
async function build(one: ProvableCase, folder: string): Promise<Ran> {
  const { report } = checkRepo(caseRepo(one.content));
  const id = report.findings.find((f) => f.rule === one.rule.id)?.target;
  const target = report.targets.find((t) => t.id === id) ?? report.targets[0];
  if (target === undefined) return { ok: true, output: 'the case has nothing to build', ended: true };
  const stage = target.stage === undefined ? [] : ['--target', target.stage];
  const context = target.context === '' ? '.' : target.context;
  return docker(
    ['build', '--no-cache', '--output', 'type=cacheonly', '-f', target.dockerfile, ...stage, context],
    folder,
  );
}

/** A line without what the engine only repeats of the Dockerfile: names of steps, the listing, the command that failed. */
function said(line: string): string {
  if (/^(#\d+| >) \[[^\]]*\] |^ *\d+ \| |^ *>/.test(line)) return '';
  return line.replace(/process "(\\.|[^"\\])*"/, 'process');
}

/** One line for a record: no time, no address. */
function short(line: string): string {
  return line
    .replace(/^#\d+ +(\d+\.\d+ +)?/, '')
    .replace(/https?:\/\/[^\s"')]+/g, 'https://…')
    .replace(/ of ref \S+/, '')
    .replace(/plimsoll-proof-\w+/gi, 'plimsoll-proof')
    .replace(/"(?:Start|End)":"[^"]*",?/g, '')
    .replace(/\S*\/overlay2\/\w+\/merged/, '')
    .trim()
    .slice(0, 240);
}

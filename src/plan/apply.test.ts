import { expect, test } from 'vitest';
import { digestOf } from '../repo/digest.ts';
import { memoryRepo } from '../repo/memory.ts';
import type { Repo } from '../repo/repo.ts';
import { applyPlan } from './apply.ts';
import { withoutAnswered } from './from-findings.ts';
import { offer, type Recheck } from './offer.ts';
import { type Part, type Plan, part } from './plan.ts';

const DOCKERFILE = 'FROM node:22-slim\nCOPY . .\nRUN npm ci\nCMD node server.js\n';
const repo = memoryRepo({ Dockerfile: DOCKERFILE, '.dockerignore': 'package-lock.json\nnode_modules\n' });

function plan(parts: readonly Part[], of: Repo = repo): Plan {
  return { digest: digestOf(of), parts, leftAlone: [] };
}

const command = DOCKERFILE.indexOf('CMD node');
const execForm = part({
  id: 'exec',
  title: 'exec form',
  why: '',
  tier: 'safe',
  rules: ['shell-form-command'],
  edits: [{ file: 'Dockerfile', start: command, end: DOCKERFILE.length - 1, text: 'CMD ["node", "server.js"]' }],
});
const rewrite = part({
  id: 'rewrite',
  title: 'stages',
  why: '',
  tier: 'unproven',
  rules: ['root-user'],
  writes: [{ file: 'Dockerfile', text: 'FROM node:22-slim AS build\n' }],
});
const ignore = part({
  id: 'ignore',
  title: 'lock file',
  why: '',
  tier: 'safe',
  rules: ['lockfile-missing'],
  edits: [{ file: '.dockerignore', start: 0, end: 18, text: '' }],
});

test('only the tiers that were asked for are applied', () => {
  const result = applyPlan(repo, plan([execForm, rewrite, ignore]), { tiers: ['safe'] });
  expect(result.applied).toEqual(['exec', 'ignore']);
  expect(result.repo.text('Dockerfile')).toBe(DOCKERFILE.replace('CMD node server.js', 'CMD ["node", "server.js"]'));
  expect(result.repo.text('.dockerignore')).toBe('node_modules\n');
});

test('a part that writes the whole file takes the place of smaller edits, whichever comes first', () => {
  for (const parts of [
    [execForm, rewrite],
    [rewrite, execForm],
  ]) {
    const result = applyPlan(repo, plan(parts));
    expect(result.applied).toEqual(['rewrite']);
    expect(result.dropped[0]?.why).toContain('rewrite writes Dockerfile anew');
  }
});

test('of two parts that want the same lines the first goes in, and the second is named', () => {
  const other = { ...execForm, id: 'other' };
  const result = applyPlan(repo, plan([execForm, other]));
  expect(result.applied).toEqual(['exec']);
  expect(result.dropped).toEqual([{ part: 'other', why: 'another part changes the same lines of Dockerfile' }]);
});

test('a part is left out with the part that it needs', () => {
  const needing = part({
    id: 'compose',
    title: '',
    why: '',
    tier: 'safe',
    needs: ['rewrite'],
    writes: [{ file: 'x', text: '' }],
  });
  const result = applyPlan(repo, plan([needing, rewrite]), { tiers: ['safe'] });
  expect(result.applied).toEqual([]);
  expect(result.dropped).toEqual([{ part: 'compose', why: 'it needs rewrite, which is not applied' }]);
});

test('a selection by rule takes the parts that answer it', () => {
  expect(applyPlan(repo, plan([execForm, ignore]), { only: ['lockfile-missing'] }).applied).toEqual(['ignore']);
});

test('a file that is not UTF-8 is left alone', () => {
  const latin = memoryRepo({ Dockerfile: Uint8Array.from([0x46, 0xfc, 0x0a]) });
  const edit = { ...execForm, edits: [{ file: 'Dockerfile', start: 0, end: 1, text: 'f' }] };
  const result = applyPlan(latin, plan([edit], latin));
  expect(result.files).toEqual([]);
  expect(result.dropped[0]?.why).toBe('Dockerfile is not UTF-8');
});

test('deleting a file shows as a change without a text afterwards', () => {
  const gone = { ...ignore, edits: [{ file: '.dockerignore', start: 0, end: 0, text: '', delete: true as const }] };
  const result = applyPlan(repo, plan([gone]));
  expect(result.files).toEqual([{ path: '.dockerignore', before: 'package-lock.json\nnode_modules\n', mode: 0o644 }]);
  expect(result.repo.entry('.dockerignore')).toBeUndefined();
});

const findingsByText: Recheck = (candidate) => ({
  findings: (candidate.text('Dockerfile') ?? '').includes('AS build') ? [{ key: 'bad', text: 'no CMD' }] : [],
  inconclusive: [],
});

test('a part that brings a new finding is withheld, with the finding; the others are offered', () => {
  const result = offer(repo, plan([execForm, rewrite, ignore]), findingsByText);
  expect(result.plan.parts.map((item) => item.id)).toEqual(['exec', 'ignore']);
  expect(result.withheld.map((item) => [item.part.id, item.why])).toEqual([['rewrite', 'it would bring: no CMD']]);
});

test('a new inconclusive withholds a part as well', () => {
  const recheck: Recheck = (candidate) => ({ findings: [], inconclusive: findingsByText(candidate).findings });
  expect(offer(repo, plan([rewrite]), recheck).plan.parts).toEqual([]);
});

test('parts that need one another are judged together', () => {
  const cure = part({
    id: 'cure',
    title: '',
    why: '',
    tier: 'unproven',
    needs: ['rewrite'],
    writes: [{ file: 'cure', text: '' }],
  });
  const recheck: Recheck = (candidate) =>
    candidate.entry('cure') === undefined ? findingsByText(candidate) : { findings: [], inconclusive: [] };
  expect(offer(repo, plan([rewrite, ignore, cure]), recheck).withheld).toEqual([]);
});

test('a part that others need is offered even when those are withheld', () => {
  const needing = { ...rewrite, needs: ['ignore'] };
  const result = offer(repo, plan([execForm, needing, ignore]), findingsByText);
  expect(result.plan.parts.map((item) => item.id)).toEqual(['exec', 'ignore']);
  expect(result.withheld.map((item) => item.part.id)).toEqual(['rewrite']);
});

test('an insertion in front of what another part replaces is a conflict, one behind it is none', () => {
  const insert = (at: number): Part => ({
    ...execForm,
    id: 'insert',
    edits: [{ file: 'Dockerfile', start: at, end: at, text: '!' }],
  });
  expect(applyPlan(repo, plan([execForm, insert(command)])).applied).toEqual(['exec']);
  expect(applyPlan(repo, plan([insert(command), execForm])).applied).toEqual(['insert']);
  expect(applyPlan(repo, plan([insert(DOCKERFILE.length - 1), execForm])).applied).toEqual(['insert', 'exec']);
});

test('a finding brings no repair of its own where a written part answers its rule in the same file', () => {
  const own = { ...execForm, id: 'fix:shell-form-command:1' };
  const elsewhere = {
    ...own,
    id: 'fix:shell-form-command:2',
    edits: [{ ...execForm.edits[0], file: 'other/Dockerfile' }],
  } as Part;
  expect(withoutAnswered([own, elsewhere], [execForm]).map((item) => item.id)).toEqual(['fix:shell-form-command:2']);
});

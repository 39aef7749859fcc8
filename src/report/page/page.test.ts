import { expect, test } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import type { Finding } from '../../rules/finding.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { proofOf } from './proof.ts';
import { formatNumber } from './value.ts';

const subject = (side: 'before' | 'after', service?: string): Entry['subject'] => ({
  side,
  stack: 'docker-compose.yml',
  inputs: 'i',
  ...(service === undefined ? {} : { service }),
});
const base = { kind: 'measurement', run: 'r1' } as const;
const finding: Finding = {
  rule: 'lockfile-ignored',
  fingerprint: 'f',
  stacks: [],
  consequence: 'breaks-build',
  severity: 'error',
  title: 'npm ci needs <package-lock.json>',
  why: '',
  at: { file: 'web/.dockerignore', line: 5, column: 1, endLine: 5, endColumn: 1 },
  because: [{ at: { file: 'web/Dockerfile', line: 9, column: 1, endLine: 9, endColumn: 1 }, text: 'npm ci' }],
  symptoms: [],
  service: 'web',
  aliases: [],
};

function sample(): ReturnType<typeof memoryLedger> {
  const ledger = memoryLedger();
  const log = ledger.putLog('step 1\nERROR: no lock file');
  ledger.append({
    ...base,
    kind: 'prediction',
    subject: subject('before', 'web'),
    measure: 'check.finding',
    text: finding.title,
    finding,
  });
  ledger.append({
    ...base,
    subject: subject('before', 'web'),
    measure: 'image.builds',
    title: 'builds',
    value: false,
    budget: { text: 'builds', met: false },
    text: 'npm ci: no lock file',
    argv: ['docker', 'buildx', 'build'],
    exit: 1,
    ...(typeof log === 'string' ? { log } : {}),
  });
  ledger.append({
    ...base,
    subject: subject('after', 'web'),
    measure: 'image.builds',
    title: 'builds',
    value: true,
    budget: { text: 'builds', met: true },
    text: 'built',
    standIn: 'node 22.23.3 on debian trixie',
  });
  ledger.append({
    ...base,
    subject: subject('after', 'web'),
    measure: 'image.size.unpacked',
    title: 'unpacked size',
    unit: 'bytes',
    value: 52_300_000,
    samples: [52_300_000, 52_300_001],
    text: '52.3 MB',
  });
  ledger.append({
    ...base,
    kind: 'not-measured',
    subject: subject('after'),
    measure: 'stack.restore',
    title: 'backup and restore',
    text: 'left out by --quick',
  });
  ledger.append({
    ...base,
    kind: 'assumption',
    subject: subject('after'),
    measure: 'env',
    text: 'DB_PASSWORD was made up',
  });
  return ledger;
}

test('the page says what was measured, what was missed and what was not measured', () => {
  const proof = proofOf(sample().entries());
  expect(proof?.counts).toEqual({ measured: 3, notMeasured: 1, met: 1, missed: 0, assumptions: 1 });
  expect(proof?.sections.map((s) => s.service)).toEqual(['web', undefined]);
  expect(proof?.sections[0]?.rows[0]?.before?.state).toBe('bad');
  expect(proof?.standIns).toEqual(['node 22.23.3 on debian trixie']);
});

test('every number links to its evidence, and text of the repository is escaped', () => {
  const ledger = sample();
  const proof = proofOf(ledger.entries());
  if (proof === undefined) throw new Error('no proof');
  const html = renderHtml(proof, (digest) => ledger.log(digest));
  expect(html).not.toContain('<package-lock.json>');
  for (const row of proof.sections.flatMap((s) => s.rows)) {
    for (const cell of [row.before, row.after]) {
      if (cell !== undefined) expect(html).toContain(`id="e-${cell.evidence.id.slice(0, 16)}"`);
    }
  }
  expect(html).toContain('ERROR: no lock file');
  expect(html).not.toMatch(/(src|href)="http/);
  expect(renderMarkdown(proof)).toContain('| builds | ✗ no: npm ci: no lock file');
});

test('where the engine contradicts check, the page says that Plimsoll was wrong', () => {
  const ledger = sample();
  ledger.append({
    ...base,
    subject: subject('before', 'web'),
    measure: 'image.builds',
    title: 'builds',
    value: true,
    text: 'built',
  });
  const proof = proofOf(ledger.entries());
  expect(proof?.wrong.map((w) => w.text)).toEqual([
    'check said that web fails (lockfile-ignored, web/.dockerignore:5); the engine shows that it does not.',
  ]);
});

test('an empty ledger gives no page', () => {
  expect(proofOf([])).toBeUndefined();
});

test('numbers carry the digits that mean something', () => {
  expect(formatNumber(52_300_000, 'bytes')).toBe('52.3 MB');
  expect(formatNumber(0.1234, 'seconds')).toBe('0.12 s');
  expect(formatNumber(12, 'count')).toBe('12');
});

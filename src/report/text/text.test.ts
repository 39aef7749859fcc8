import { describe, expect, it } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { memoryLedger } from '../../ledger/memory-ledger.ts';
import { memoryRepo } from '../../repo/memory.ts';
import type { Finding } from '../../rules/finding.ts';
import { checkRepo } from '../check-repo.ts';
import { proofOf } from '../page/proof.ts';
import type { CheckReport } from '../report.ts';
import { renderFindings, renderGroup, type TextOptions } from './findings.ts';
import { COLOURED, PLAIN } from './paint.ts';
import { renderProof } from './proof.ts';

const options: TextOptions = { width: 80, paint: PLAIN, limit: 10, showUndecided: false, style: false };

function place(file: string, line: number): Finding['at'] {
  return { file, line, column: 1, endLine: line, endColumn: 1 };
}

function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: 'health-route-missing',
    fingerprint: 'f',
    stacks: [],
    consequence: 'never-healthy',
    severity: 'error',
    title: 'the health check asks for GET /api/health; the application serves no /api/health',
    why: '',
    at: place('api/Dockerfile', 22),
    because: [
      { at: place('api/Dockerfile', 22), text: 'the health check asks for GET /api/health on 8000' },
      { at: place('api/app/main.py', 14), text: 'the application serves GET /health' },
      { at: place('api/Dockerfile', 6), text: 'WORKDIR /app' },
      { at: place('api/app/main.py', 10), text: 'the FastAPI application' },
      { at: place('api/app/main.py', 10), text: 'the FastAPI application has 10 routes' },
    ],
    symptoms: [{ at: place('compose.yaml', 21), text: 'web waits until api is healthy, so it never starts' }],
    service: 'api',
    aliases: [],
    fix: { safety: 'safe', title: 'ask for /health', edits: [] },
    ...more,
  };
}

function report(findings: readonly Finding[]): CheckReport {
  return { ...checkRepo(memoryRepo({ Dockerfile: 'FROM scratch\n' })).report, findings };
}

/** Without line breaks, where only the words matter. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

describe('a finding on a terminal', () => {
  it('is read as claim, reasons, consequences and fix, without what was said already', () => {
    expect(renderGroup([finding()], options)).toBe(`✗ health-route-missing · api never becomes healthy
    api/Dockerfile:22   the health check asks for GET /api/health; the
                        application serves no /api/health
    api/app/main.py:14  the application serves GET /health
    api/app/main.py:10  the FastAPI application has 10 routes
    compose.yaml:21     web waits until api is healthy, so it never starts
    fix (safe)          ask for /health
                        plimsoll refit --only health-route-missing`);
  });

  it('has the command beside the fix where there is room', () => {
    expect(renderGroup([finding()], { ...options, width: 120 })).toContain(
      'fix (safe)          ask for /health (plimsoll refit --only health-route-missing)',
    );
  });

  it('says how many reasons are left out of a long chain', () => {
    const because = ['one', 'two', 'three', 'four', 'five', 'six'].map((text, i) => ({
      at: place(`${text}.py`, i + 1),
      text,
    }));
    expect(renderGroup([finding({ because })], options)).toMatch(/four\.py:4 .*\n +and 2 more reasons\n/);
    expect(renderGroup([finding({ because })], { ...options, limit: Number.POSITIVE_INFINITY })).toMatch(/six\.py:6 /);
  });

  it('is one block for all that the same advice is given to, with its words once', () => {
    const advice = (target: string): Finding => {
      const { service: _, fix: __, ...rest } = finding();
      const at = { ...rest.at, file: `${target}/Dockerfile` };
      const because = [{ at, text: 'FROM node:18' }];
      const title = 'Node.js 18 has ended';
      return {
        ...rest,
        rule: 'base-ended',
        consequence: 'insecure',
        severity: 'warning',
        symptoms: [],
        at,
        because,
        target,
        title,
      };
    };
    const text = renderFindings(report([advice('a'), advice('b'), advice('c'), advice('d')]), options);
    expect(text).toContain('base-ended · a, b and 2 more are insecure');
    expect(text.match(/Node.js 18 has ended/g)).toHaveLength(1);
    expect(text.match(/FROM node:18/g)).toHaveLength(4);
    const broken = renderFindings(report([finding(), { ...finding(), service: 'other' }]), options);
    expect(broken.match(/health-route-missing ·/g)).toHaveLength(2);
  });

  it('is one block with its twin of the same line', () => {
    const twins = [finding(), finding({ title: 'the health check has another fault', because: [] })];
    const text = renderFindings(report(twins), options);
    expect(text.match(/health-route-missing ·/g)).toHaveLength(1);
    expect(text).toContain('the health check has another fault');
    expect(text).toContain('2 errors');
  });

  it('joins the advice of one rule whatever its titles are, and never two things that break', () => {
    const advice = (title: string, line: number, severity: Finding['severity']): Finding =>
      finding({ rule: 'base-unpinned', consequence: 'slow-rebuild', severity, title, at: place('Dockerfile', line) });
    const two = [advice('node names no version', 1, 'warning'), advice('nginx names no version', 9, 'warning')];
    expect(renderFindings(report(two), options).match(/base-unpinned ·/g)).toHaveLength(1);
    const broken = two.map((one) => ({ ...one, severity: 'error' as const }));
    expect(renderFindings(report(broken), options).match(/base-unpinned ·/g)).toHaveLength(2);
    const many = Array.from({ length: 20 }, (_, n) => advice(`base ${n} names no version`, n + 1, 'warning'));
    const text = renderFindings(report(many), options);
    expect(text).toContain('base 3 names no version');
    expect(text).not.toContain('base 15 names no version');
    expect(text).toMatch(/and \d+ more places/);
  });

  it('lists what is undecided once for each reason', () => {
    const point = (rule: string, target: string, why: string) => ({ rule, target, why, because: [] });
    const text = renderFindings(
      {
        ...report([]),
        inconclusive: [
          point('root-user', 'base/api', 'nothing is known of the image harbour:1'),
          point('entry-missing', 'base/api', 'nothing is known of the image harbour:1'),
          point('entry-missing', 'base/web', 'make is not modelled'),
        ],
      },
      { ...options, showUndecided: true, width: 200 },
    );
    expect(text.match(/harbour:1/g)).toHaveLength(1);
    expect(text).toContain('nothing is known of the image harbour:1. root-user, entry-missing of base/api');
    expect(text).toContain('make is not modelled. entry-missing of base/web');
    expect(text).toContain('3 points undecided');
  });

  it('stays within the width, at 80 and at 120 columns', () => {
    const { report: real } = checkRepo(
      memoryRepo({
        Dockerfile: 'FROM python:3.12-slim\nCOPY no-such-file.py .\nCMD python no-such-file.py\n',
        'compose.yaml': 'services:\n  web:\n    build: .\n    ports: ["8080:80"]\n',
      }),
    );
    expect(real.findings.length).toBeGreaterThan(2);
    for (const width of [80, 120]) {
      const lines = renderFindings(real, { ...options, width, limit: Number.POSITIVE_INFINITY }).split('\n');
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  it('has colours only through the paint', () => {
    expect(renderFindings(report([finding()]), options)).not.toContain('\u001b');
    expect(renderFindings(report([finding()]), { ...options, paint: COLOURED })).toContain('\u001b[31m✗');
  });
});

describe('the end of check', () => {
  it('counts what is not shown by what it does', () => {
    const many = [1, 2, 3].map((line) =>
      finding({ at: place('x', line), title: `no ${line}`, rule: 'root-user', consequence: 'insecure' }),
    );
    expect(renderFindings(report(many), { ...options, limit: 1 })).toContain(
      '… and 2 more findings (2 insecure): plimsoll check --all',
    );
  });

  it('keeps matters of style for those who ask', () => {
    const style = report([finding({ consequence: 'style', severity: 'note' })]);
    expect(renderFindings(style, options)).toMatch(/^nothing found\n/);
    expect(flat(renderFindings(style, options))).toContain('1 matter of style not shown (--style)');
    expect(renderFindings(style, { ...options, style: true })).toMatch(/^· health-route-missing/);
  });

  it('is as informative where nothing is to be found', () => {
    const text = renderFindings(checkRepo(memoryRepo({ 'README.md': '' })).report, options);
    expect(text).toMatch(/^nothing found\nNo Dockerfile and no compose file/);
    expect(text).toContain('Looked at 1 file');
  });
});

describe('the before-and-after table', () => {
  const entry = (more: Partial<Entry> & Pick<Entry, 'measure' | 'text'>, side: 'before' | 'after' = 'after') => ({
    kind: 'measurement' as const,
    run: 'r1',
    subject: { side, stack: 'compose.yaml', service: 'web', inputs: 'i' },
    title: more.measure,
    ...more,
  });

  function table(width: number): string {
    const ledger = memoryLedger();
    ledger.append(entry({ measure: 'image.builds', text: 'built', value: true, budget: { text: 'yes', met: true } }));
    ledger.append(
      entry(
        {
          measure: 'image.builds',
          value: false,
          budget: { text: 'yes', met: false },
          text: `Dockerfile:5: process "/bin/sh -c ${'x'.repeat(90)}" did not complete successfully: exit code: 4 (groupadd: GID '1000' already exists)`,
        },
        'before',
      ),
    );
    ledger.append(entry({ measure: 'image.layers', kind: 'not-measured', text: 'the image does not build' }, 'before'));
    ledger.append(entry({ measure: 'image.layers', value: 11, unit: 'count', text: '11' }));
    for (const side of ['before', 'after'] as const)
      ledger.append(entry({ measure: 'build.cold', kind: 'not-measured', text: 'left out by --quick' }, side));
    ledger.append({
      ...entry({ measure: 'part:dockerfile:web/Dockerfile', value: true, text: 'shown to work by 5 measurements' }),
      title: 'plan part dockerfile:web/Dockerfile works',
      subject: { side: 'after', stack: 'compose.yaml', inputs: 'i' },
      standIn: 'docker.io/library/python: python 3.12 on debian; docker.io/library/alpine: a look-alike',
    });
    const proof = proofOf(ledger.entries());
    if (proof === undefined) throw new Error('no proof');
    return renderProof(proof, { width, paint: PLAIN });
  }

  it('has a dash where one side was not measured, with the reason below, and counts what neither side has', () => {
    const text = table(80);
    expect(text).toMatch(/^image\.layers +– +11$/m);
    expect(text).toContain('– not measured before: the image does not build');
    expect(text).not.toContain('build.cold');
    expect(text).toContain('1 row measured on neither side and not shown here (left out by --quick).');
    expect(text).toContain('exit code: 4');
    expect(text).toMatch(/web\/Dockerfile \(dockerfile\) +✓ shown to work by 5 measurements/);
    expect(flat(text)).toContain('alpine: a look-alike; python: python 3.12 on debian.');
    expect(flat(text)).toContain('1 demand met after, 0 demands missed after');
  });

  it('stays within the width', () => {
    for (const width of [80, 120])
      expect(
        table(width)
          .split('\n')
          .filter((line) => line.length > width),
      ).toEqual([]);
  });
});

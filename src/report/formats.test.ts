import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import schema04 from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../repo/directory.ts';
import { memoryRepo } from '../repo/memory.ts';
import type { Repo } from '../repo/repo.ts';
import { RULES } from '../rules/registry.generated.ts';
import { LineIndex } from '../text/line-index.ts';
import { checkRepo } from './check-repo.ts';
import { renderGithub, renderGitlab, renderJunit } from './code-hosts.ts';
import { renderJson } from './json.ts';
import type { CheckReport } from './report.ts';
import { renderSarif } from './sarif.ts';

const project = join(import.meta.dirname, '..', '..');

/** What awkward input looks like in every format: names and texts with the signs that the formats give a meaning. */
const awkward = memoryRepo({
  'a b#1,ü/Dockerfile':
    'FROM python:3.12-slim\nRUN curl https://example.org/?a=1&b=<2>\nCOPY "no \'such\' <file>" .\nCMD python "x"\n',
  'compose.yaml': 'services:\n  "web:1":\n    build: "a b#1,ü"\n    ports: ["8080:80"]\n',
  'gone/compose.yaml': 'include: [gone.yaml]\nservices:\n  web:\n    image: redis:8\n    env_file: gone.env\n',
  'broken/compose.yaml': 'services:\n  web:\n   build: .\n  bad indent\n',
});

let cases: readonly { readonly repo: Repo; readonly report: CheckReport }[];

beforeAll(() => {
  cases = [openDirectory(join(project, 'examples', 'events')), awkward, memoryRepo({ 'README.md': '' })].map(
    (repo) => ({
      repo,
      report: checkRepo(repo, { today: '2026-11-21' }).report,
    }),
  );
});

function sarifOf({ repo, report }: (typeof cases)[number]): unknown {
  return JSON.parse(
    renderSarif(
      report,
      RULES.map(({ id, rule }) => ({ id, summary: rule.summary, why: rule.why, remedy: rule.remedy })),
      '1.2.3',
      (file, start, end) => {
        const text = repo.text(file);
        return text === undefined ? undefined : new LineIndex(text).place(file, { start, end });
      },
    ),
  );
}

/** The official schema is written in draft 4; of what differs from draft 7 it uses only the name of `id`. */
function sarifSchema(): object {
  const { id, $schema: _draft, ...rest } = schema04 as Record<string, unknown>;
  return { ...rest, $id: id };
}

describe('the formats of check', () => {
  it('gives JSON that the published schema accepts', () => {
    const schema = JSON.parse(readFileSync(join(project, 'schema', 'findings.schema.json'), 'utf8')) as object;
    const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
    for (const { report } of cases) {
      const valid = validate(JSON.parse(renderJson({ ...report, stats: { ...report.stats, milliseconds: 12 } })));
      expect(validate.errors).toBeNull();
      expect(valid).toBe(true);
    }
    expect(cases.some(({ report }) => report.problems.length > 0)).toBe(true);
    expect(validate({ version: 2 })).toBe(false);
    expect(validate({ ...JSON.parse(renderJson(cases[0]?.report as CheckReport)), more: 1 })).toBe(false);
  });

  it('gives SARIF that the schema of 2.1.0 accepts', () => {
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(
      sarifSchema(),
    );
    for (const one of cases) {
      validate(sarifOf(one));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('gives SARIF whose references lead somewhere', () => {
    for (const one of cases) {
      const { runs } = sarifOf(one) as {
        runs: {
          tool: { driver: { rules: { id: string }[] } };
          results: {
            ruleId: string;
            ruleIndex: number;
            locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
            fixes?: {
              artifactChanges: {
                artifactLocation: { uri: string };
                replacements: { deletedRegion: Record<string, number> }[];
              }[];
            }[];
          }[];
        }[];
      };
      const [run] = runs;
      expect(run?.results).toHaveLength(one.report.findings.length);
      for (const result of run?.results ?? []) {
        expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        const { artifactLocation, region } = result.locations[0]?.physicalLocation ?? {};
        const path = decodeURIComponent(artifactLocation?.uri ?? '');
        expect(new URL(artifactLocation?.uri ?? '', 'file:///').hash).toBe('');
        const lines = one.repo.text(path)?.split('\n').length ?? 0;
        expect(region?.startLine).toBeLessThanOrEqual(lines);
        for (const change of result.fixes?.[0]?.artifactChanges ?? []) {
          expect(change.replacements.length).toBeGreaterThan(0);
          for (const { deletedRegion } of change.replacements)
            expect(Object.keys(deletedRegion)).toEqual(['startLine', 'startColumn', 'endLine', 'endColumn']);
        }
      }
    }
  });

  it('gives GitHub one command a finding, on one line, with its signs escaped', () => {
    const { report } = cases[1] as (typeof cases)[number];
    const lines = renderGithub(report).trimEnd().split('\n');
    expect(lines).toHaveLength(report.findings.length);
    for (const line of lines)
      expect(line).toMatch(/^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+,title=[^,:]+::\S/);
    expect(lines.some((line) => line.includes('file=a b#1%2Cü/Dockerfile'))).toBe(true);
    expect(renderGithub((cases[2] as (typeof cases)[number]).report)).toBe('');
  });

  it('gives GitLab a code quality report with one fingerprint each', () => {
    for (const { report } of cases) {
      const rows = JSON.parse(renderGitlab(report)) as {
        description: string;
        check_name: string;
        fingerprint: string;
        severity: string;
        location: { path: string; lines: { begin: number } };
      }[];
      expect(rows).toHaveLength(report.findings.length);
      expect(new Set(rows.map((r) => r.fingerprint)).size).toBe(rows.length);
      for (const row of rows) {
        expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(row.severity);
        expect(row.location.lines.begin).toBeGreaterThan(0);
      }
    }
  });

  it('gives JUnit well-formed XML that counts what it holds', () => {
    for (const { report } of cases) {
      const xml = renderJunit(report);
      const failures = report.findings.filter((f) => f.severity !== 'note').length;
      expect(xml).toContain(`failures="${failures}"`);
      expect(xml.match(/<testcase /g)).toHaveLength(Math.max(1, failures));
      expect(xml.match(/<failure /g) ?? []).toHaveLength(failures);
      expect(xml.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/&/);
      expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
    }
  });
});

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegisteredRule } from '../src/rules/check.ts';
import { RULES } from '../src/rules/registry.generated.ts';
import { type Case, parseCase } from '../src/testing/case-file.ts';

/** What an engine said about a case. The hash is that of the case file: another text needs another record. */
interface ProofRecord {
  readonly hash: string;
  readonly says: string;
  /** `Docker 28.5.1`, with what the base images really were when they were stand-ins. */
  readonly engine: string;
  /** ISO date. */
  readonly date: string;
  /** The line of its output that has the words. */
  readonly excerpt: string;
}

/** A failing case that says what the engine prints. */
export interface ProvableCase {
  readonly rule: RegisteredRule;
  readonly name: string;
  readonly folder: string;
  readonly hash: string;
  readonly says: string;
  readonly content: Case;
  readonly record?: ProofRecord;
}

/** Both `npm run` and vitest stand in the project's folder; the bundle that runs proofs.ts lies elsewhere. */
const RULES_FOLDER = join(process.cwd(), 'src', 'rules');

/** Every failing case with `says:`, of rules that predict a failure, by rule and name. */
export function provableCases(rulesFolder: string = RULES_FOLDER): readonly ProvableCase[] {
  return RULES.filter(({ rule }) => rule.proof === 'engine').flatMap((rule) => {
    const folder = join(rulesFolder, rule.consequence, rule.id);
    const cases = join(folder, 'cases');
    const records = readRecords(folder);
    return (existsSync(cases) ? readdirSync(cases).sort() : []).flatMap((file): readonly ProvableCase[] => {
      const text = readFileSync(join(cases, file), 'utf8');
      const content = parseCase(file, text);
      if (content.kind !== 'fails' || content.says === undefined) return [];
      const record = records[content.name];
      return [
        {
          rule,
          name: content.name,
          folder,
          hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
          says: content.says,
          content,
          ...(record === undefined ? {} : { record }),
        },
      ];
    });
  });
}

/** There is a record, and of this text. */
export function isProven(one: ProvableCase): boolean {
  return one.record?.hash === one.hash && one.record.says === one.says;
}

/** Writes what is new into the rule's file, drops what no case has any more. */
export function writeRecord(one: ProvableCase, record: ProofRecord): void {
  const names = new Set(readdirSync(join(one.folder, 'cases')).map((file) => file.replace(/\.case$/, '')));
  const all = Object.entries({ ...readRecords(one.folder), [one.name]: record }).filter(([name]) => names.has(name));
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(one.folder, 'proof.json'), `${JSON.stringify({ cases: sorted }, null, 2)}\n`);
}

function readRecords(folder: string): Readonly<Record<string, ProofRecord>> {
  const file = join(folder, 'proof.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : {};
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryRepo } from '../src/repo/memory.ts';
import { checkRepo } from '../src/report/check-repo.ts';

const engine = process.env['PLIMSOLL_ENGINE_KIND'];

/** The smallest Dockerfile for each rule of `docker build --check`, with the line at which it is told of. */
const EXAMPLES: readonly (readonly [name: string, line: number, dockerfile: string, ignore?: string])[] = [
  ['StageNameCasing', 1, 'FROM debian:bookworm-slim AS Build\nUSER nobody\n'],
  ['FromAsCasing', 1, 'FROM debian:bookworm-slim as build\nUSER nobody\n'],
  ['FromAsCasing', 1, 'from debian:bookworm-slim AS build\nuser nobody\n'],
  ['NoEmptyContinuation', 3, 'FROM debian:bookworm-slim\nRUN true \\\n\n  && true\nUSER nobody\n'],
  ['ConsistentInstructionCasing', 2, 'FROM debian:bookworm-slim\nrun true\nUSER nobody\n'],
  ['ConsistentInstructionCasing', 3, 'from debian:bookworm-slim\nrun true\nUser nobody\n'],
  ['DuplicateStageName', 2, 'FROM debian:bookworm-slim AS a\nFROM debian:bookworm-slim AS a\nUSER nobody\n'],
  ['ReservedStageName', 1, 'FROM debian:bookworm-slim AS context\nUSER nobody\n'],
  ['JSONArgsRecommended', 3, 'FROM debian:bookworm-slim\nUSER nobody\nCMD sleep 1000\n'],
  ['JSONArgsRecommended', 3, 'FROM debian:bookworm-slim\nUSER nobody\nENTRYPOINT sleep 1000\n'],
  ['MaintainerDeprecated', 2, 'FROM debian:bookworm-slim\nMAINTAINER me\nUSER nobody\n'],
  ['UndefinedArgInFrom', 1, 'FROM debian:bookworm-slim$SUFFIX\nUSER nobody\n'],
  ['WorkdirRelativePath', 2, 'FROM debian:bookworm-slim\nWORKDIR app\nUSER nobody\n'],
  ['UndefinedVar', 2, 'FROM debian:bookworm-slim\nCOPY $WHERE /x/\nUSER nobody\n'],
  ['UndefinedVar', 2, 'FROM debian:bookworm-slim\nWORKDIR /$WHERE/app\nUSER nobody\n'],
  ['MultipleInstructionsDisallowed', 2, 'FROM debian:bookworm-slim\nCMD ["a"]\nCMD ["true"]\nUSER nobody\n'],
  [
    'MultipleInstructionsDisallowed',
    2,
    'FROM debian:bookworm-slim\nHEALTHCHECK CMD true\nHEALTHCHECK CMD true\nUSER nobody\n',
  ],
  ['LegacyKeyValueFormat', 2, 'FROM debian:bookworm-slim\nENV A b\nUSER nobody\n'],
  ['LegacyKeyValueFormat', 2, 'FROM debian:bookworm-slim\nLABEL a b\nUSER nobody\n'],
  ['RedundantTargetPlatform', 1, 'FROM --platform=$TARGETPLATFORM debian:bookworm-slim\nUSER nobody\n'],
  ['SecretsUsedInArgOrEnv', 2, 'FROM debian:bookworm-slim\nARG API_TOKEN\nRUN echo $API_TOKEN\nUSER nobody\n'],
  ['SecretsUsedInArgOrEnv', 2, 'FROM debian:bookworm-slim\nENV DB_PASSWORD=hunter2\nUSER nobody\n'],
  ['InvalidDefaultArgInFrom', 2, 'ARG TAG\nFROM debian:$TAG\nUSER nobody\n'],
  ['FromPlatformFlagConstDisallowed', 1, 'FROM --platform=linux/amd64 debian:bookworm-slim\nUSER nobody\n'],
  [
    'CopyIgnoredFile',
    3,
    '# check=experimental=CopyIgnoredFile\nFROM debian:bookworm-slim\nCOPY b.txt /\nUSER nobody\n',
    'b.txt\n',
  ],
  [
    'InvalidDefinitionDescription',
    3,
    '# check=experimental=InvalidDefinitionDescription\n# says something else\nFROM debian:bookworm-slim AS build\nUSER nobody\n',
  ],
  ['ExposeProtoCasing', 2, 'FROM debian:bookworm-slim\nEXPOSE 80/TCP\nUSER nobody\n'],
  ['ExposeInvalidFormat', 2, 'FROM debian:bookworm-slim\nEXPOSE 127.0.0.1:80:80\nUSER nobody\n'],
];

const root = mkdtempSync(join(tmpdir(), 'plimsoll-check-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let number = 0;

/** Names and lines of what BuildKit says of a Dockerfile. */
function buildKit(files: Readonly<Record<string, string>>): readonly string[] {
  const folder = join(root, String(number++));
  mkdirSync(folder);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const { stdout } = spawnSync('docker', ['build', '--call=check,format=json', folder], {
    timeout: 60_000,
    encoding: 'utf8',
  });
  const { warnings = [] } = JSON.parse(stdout) as {
    warnings?: { ruleName: string; location: { ranges: { start: { line: number } }[] } }[];
  };
  // It gives the last line of an instruction with an empty line in it; we give the empty line.
  const line = (name: string, at: number | undefined) => (name === 'NoEmptyContinuation' ? 3 : at);
  return warnings
    .map(({ ruleName, location }) => `${ruleName} ${line(ruleName, location.ranges[0]?.start.line)}`)
    .sort();
}

/** The same of Plimsoll, by the names that its findings bear as aliases. */
function ours(files: Readonly<Record<string, string>>): readonly string[] {
  const names = new Set(EXAMPLES.map(([name]) => name));
  return checkRepo(memoryRepo(files))
    .report.findings.flatMap(({ aliases, at }) =>
      aliases.filter((alias) => names.has(alias)).map((alias) => `${alias} ${at.line}`),
    )
    .sort();
}

describe.skipIf(engine === 'none' || engine === undefined)('what docker build --check says', () => {
  const examples = EXAMPLES.map(([name, line, dockerfile, ignore]) => ({ name, line, dockerfile, ignore }));

  it.each(examples)(
    '$name in line $line is found where BuildKit finds it, and nothing else',
    ({ name, line, dockerfile, ignore }) => {
      const files = {
        Dockerfile: dockerfile,
        'a.txt': 'a\n',
        'b.txt': 'b\n',
        ...(ignore === undefined ? {} : { '.dockerignore': ignore }),
      };
      const said = buildKit(files);
      expect(said).toContain(`${name} ${line}`);
      expect(ours(files)).toEqual(said);
    },
    60_000,
  );

  it('covers all rules that BuildKit lists', () => {
    expect(new Set(EXAMPLES.map(([name]) => name)).size).toBe(21);
  });
});

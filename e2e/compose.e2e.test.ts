import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { COMPOSE_CASES } from './compose/cases.ts';
import { compare, differences } from './compose/compare.ts';
import { REFUSED_CASES } from './compose/refused-cases.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

for (const given of [...COMPOSE_CASES, ...REFUSED_CASES]) {
  const verdict =
    given.refused === true
      ? 'Compose refuses it and Plimsoll says why'
      : 'Plimsoll reads it as `docker compose config` prints it';
  test(`${given.title}: ${verdict}`, () => {
    const root = mkdtempSync(join(tmpdir(), 'plimsoll-compose-'));
    folders.push(root);
    for (const [path, text] of Object.entries(given.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const result = compare(root, given.load ?? ['compose.yml'], given.env ?? {}, given.profiles ?? []);
    if (given.refused === true) {
      expect(result.refused).toBeDefined();
      expect(result.problems.length + result.required.length).toBeGreaterThan(0);
      return;
    }
    expect(result.refused).toBeUndefined();
    expect(differences(result.ours, result.compose)).toEqual([]);
    expect(result.problems).toEqual([]);
  });
}

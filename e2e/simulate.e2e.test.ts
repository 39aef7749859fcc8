import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { commandModels } from '../src/simulate/commands/index.ts';
import { differences, engineTree, makeContext, removeContext, simulated } from './simulate-compare.ts';
import { KEPT, program } from './simulate-programs.ts';

/** Seconds that random programs may take; what was not built by then is not built. */
const LIMIT = 90;
const SEED = 20261121;

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('the simulated image', () => {
  let folder = '';
  beforeAll(() => {
    readDataFromFiles();
    folder = makeContext();
  });
  afterAll(() => removeContext(folder));

  const check = async (text: string): Promise<readonly string[]> => {
    writeFileSync(join(folder, 'Dockerfile'), text);
    const trace = simulated(folder, text);
    return differences(trace, await engineTree(folder, `plimsoll-simulate-${process.pid}:test`));
  };

  it('equals the image that the engine builds, for programs that once did not', { timeout: 300_000 }, async () => {
    for (const text of KEPT) expect(await check(text), text).toEqual([]);
  });

  it('equals the image that the engine builds, for random programs', { timeout: 300_000 }, async () => {
    const until = Date.now() + LIMIT * 1000;
    const programs = fc.sample(
      program((command) => commandModels.has(command)),
      { seed: SEED, numRuns: 130 },
    );
    let built = 0;
    for (const text of programs) {
      if (Date.now() > until) break;
      expect(await check(text), text).toEqual([]);
      built++;
    }
    process.stdout.write(`random programs: ${built} of ${programs.length} built, the others not\n`);
    expect(built).toBeGreaterThan(5);
  });
});

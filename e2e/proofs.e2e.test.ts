import { beforeAll, describe, expect, it } from 'vitest';
import { readDataFromFiles } from '../src/repo/data-files.ts';
import { RULES } from '../src/rules/registry.generated.ts';
import { isProven, type ProvableCase, provableCases } from './proof-records.ts';
import { proveCase } from './proof-run.ts';

/** Seconds for all cases together; what was not run by then is counted. */
const LIMIT = 150;

/** Rules whose failure this engine cannot show: a native package would have to be compiled against Node's headers, and there is no
 * stand-in of PostgreSQL 18. Their pages say *unproven*. */
const UNPROVEN = ['modules-of-other-node', 'volume-refused'];

/** The proven ones in another order every day, so that each has its turn. */
function rotated(cases: readonly ProvableCase[]): readonly ProvableCase[] {
  const day = Math.floor(Date.now() / 86_400_000);
  const from = cases.length === 0 ? 0 : (day * 7) % cases.length;
  return [...cases.slice(from), ...cases.slice(0, from)];
}

describe('the proof records', () => {
  it('are there for every rule that predicts a failure, where the images are to be had', () => {
    const proven = new Set(
      provableCases()
        .filter(isProven)
        .map(({ rule }) => rule.id),
    );
    const predicting = RULES.filter(({ rule }) => rule.proof === 'engine');
    expect(predicting.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual(UNPROVEN);
  });
});

describe.skipIf(process.env['PLIMSOLL_ENGINE_KIND'] === 'none')('what rules predict', () => {
  beforeAll(() => readDataFromFiles());

  it('is what the engine does, in new and changed cases and a sample of the others', { timeout: 400_000 }, async () => {
    const cases = provableCases();
    const waiting = [...cases.filter((one) => !isProven(one)), ...rotated(cases.filter(isProven))];
    const until = Date.now() + LIMIT * 1000;
    const faults: string[] = [];
    const absent: string[] = [];
    const work = async (): Promise<void> => {
      while (Date.now() < until) {
        const one = waiting.shift();
        if (one === undefined) return;
        const result = await proveCase(one);
        if ('unavailable' in result) absent.push(`${one.rule.id} ${one.name}`);
        if ('fault' in result)
          faults.push(`${one.rule.id} ${one.name}: ${result.fault}\n${result.output.slice(-1500)}`);
      }
    };
    await Promise.all([work(), work()]);
    process.stdout.write(
      `proofs: ${cases.length - waiting.length} of ${cases.length} cases run, ${waiting.length} not run\n` +
        `without an image that this engine has not got: ${absent.length === 0 ? 'none' : absent.join(', ')}\n`,
    );
    expect(faults).toEqual([]);
    expect(waiting.filter((one) => !isProven(one)).map((one) => `${one.rule.id} ${one.name}`)).toEqual([]);
  });
});

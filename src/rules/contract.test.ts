import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judge } from '../testing/judge.ts';
import { RULES } from './registry.generated.ts';

const here = import.meta.dirname;

describe.each(RULES)('$id', ({ id, consequence, rule }) => {
  const folder = join(here, consequence, id);
  const cases = readdirSync(join(folder, 'cases')).sort();

  test.each(cases)('%s', (name) => {
    expect(judge(id, name, readFileSync(join(folder, 'cases', name), 'utf8')).faults).toEqual([]);
  });

  test('has a failing, a passing and an undecided case, and a short check', () => {
    const kinds = new Set(cases.map((name) => name.split('-')[0]?.replace('.case', '')));
    expect([...kinds].sort()).toEqual(
      rule.decides === 'always' ? ['fails', 'passes'] : ['fails', 'inconclusive', 'passes'],
    );
    const source = readFileSync(join(folder, 'rule.ts'), 'utf8');
    const body = source.slice(source.indexOf('*check('), source.indexOf('\n});'));
    expect(body.split('\n').length).toBeLessThanOrEqual(42);
  });
});

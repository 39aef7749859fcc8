import { measureNamed } from '../measure/names.ts';
import type { Budgets, Limit } from '../prove/budget.ts';
import type { Config } from './schema.ts';

const sizes: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};
const times: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 };

interface LimitProblem {
  readonly path: readonly string[];
  readonly text: string;
  readonly remedy: string;
}

/** Budgets as `prove` takes them, with everything that is no limit. Pure. */
export function readLimits(config: Config): { budgets: Budgets; problems: readonly LimitProblem[] } {
  const problems: LimitProblem[] = [];
  const read = (given: Record<string, unknown> | undefined, path: readonly string[]): Map<string, Limit> => {
    const limits = new Map<string, Limit>();
    for (const [measure, value] of Object.entries(given ?? {})) {
      if (value === undefined) continue;
      const limit = readLimit(measure, value as string | number | boolean);
      if (typeof limit === 'string')
        problems.push({
          path: [...path, measure],
          text: `${measure}: ${limit}`,
          remedy: 'write 60 MB, 15 s, 3 or true',
        });
      else limits.set(measure, limit);
    }
    return limits;
  };
  const general = read(config.budgets, ['budgets']);
  const services = new Map(
    Object.entries(config.serviceBudgets ?? {}).map(([name, given]) => [name, read(given, ['serviceBudgets', name])]),
  );
  return { budgets: { general, services }, problems };
}

/** One limit in the unit of its measure, or why it is none. */
function readLimit(measure: string, value: string | number | boolean): Limit | string {
  const { unit } = measureNamed(measure);
  if (unit === 'boolean')
    return typeof value === 'boolean' ? { value, text: value ? 'yes' : 'no' } : 'true or false is wanted';
  if (typeof value === 'boolean') return `${unit} are wanted`;
  if (typeof value === 'number')
    return {
      value,
      text: `at most ${value}${unit === 'seconds' ? ' s' : unit === 'bytes' ? ' bytes' : unit === 'times' ? ' times' : ''}`,
    };
  if (unit === 'count' && /^\s*\d+(\s+or\s+\d+)+\s*$/.test(value))
    return { value: value.split('or').map(Number), text: value.trim() };
  const [, number = '', suffix = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  const table = unit === 'bytes' ? sizes : unit === 'seconds' ? times : { '': 1 };
  const factor = suffix === '' ? 1 : (table as Readonly<Record<string, number>>)[suffix.toLowerCase()];
  if (number === '' || factor === undefined) return `"${value}" is not in ${unit}`;
  return { value: Number(number) * factor, text: `at most ${value.trim()}` };
}

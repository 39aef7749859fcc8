import type { Program } from './program.ts';
import type { Value } from './value.ts';

/** What a dictionary or object has under a literal key; undefined: it has none, or what is spread over it may replace it. */
export function entryOf(program: Program, value: Value | undefined, key: string): Value | undefined {
  if (value?.t !== 'dict') return undefined;
  const at = value.entries.findLastIndex((one) => one.key?.expr.k === 'const' && one.key.expr.value === key);
  const entry = value.entries[at];
  if (entry === undefined || value.entries.slice(at).some((one) => one.key === undefined)) return undefined;
  return program.evaluate(entry.value.expr, entry.value.scope);
}

import type { Program } from './program.ts';
import { describe, type Value } from './value.ts';

/** What a value is called, classes of the repository that derive from something external: the external's name. */
export function externalBase(program: Program, value: Value, depth = 0): string | undefined {
  if (value.t !== 'class') return describe(value);
  if (depth > 8) return undefined;
  for (const base of value.cls.bases) {
    const found = program.evaluate(base, value.scope);
    const name = found.t === 'class' && found.cls === value.cls ? undefined : externalBase(program, found, depth + 1);
    if (name !== undefined && name !== 'object') return name;
  }
  return undefined;
}

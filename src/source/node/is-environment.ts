import type { Value } from '../program/value.ts';

/** Whether a value is the object that holds the variables of the process or of the bundler. */
export function isEnvironment(value: Value): boolean {
  return value.t === 'external' && /^(process\.env|import\.meta\.env|Bun\.env|Deno\.env)$/.test(value.name);
}

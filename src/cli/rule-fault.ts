import { RULES } from '../rules/registry.generated.ts';
import { nearest } from './suggest.ts';

/** A rule that does not exist, with the one that was perhaps meant. */
export function ruleFault(rules: readonly string[]): string | undefined {
  const wrong = rules.find((id) => !RULES.some((r) => r.id === id));
  if (wrong === undefined) return undefined;
  const near = nearest(
    wrong,
    RULES.map((r) => r.id),
  );
  return `there is no rule "${wrong}".${near === undefined ? ' plimsoll explain lists them.' : ` Did you mean ${near}?`}`;
}

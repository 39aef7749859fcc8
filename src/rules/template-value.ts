import type { Reason } from '../facts/fact.ts';
import type { Stack } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** What a value is that is only a variable of Compose, by the template of its env file (`.env.example`). `fallback`: the default of the
 * compose file, for those who copy no template. Undefined: it is no such variable, or the template does not name it. */
export function templateValue(
  stack: Stack,
  at: Place,
): { readonly value: string; readonly fallback: string; readonly reason: Reason } | undefined {
  const line = stack.repo.text(at.file)?.split('\n')[at.line - 1] ?? '';
  const [, name, fallback] = /[:=]\s*["']?\$\{?(\w+)(?:\}|:?[-?]([^}]*)\}|\b)["']?\s*(?:#.*)?$/.exec(line) ?? [];
  const example = stack.model.variables.find((v) => v.name === name && v.value === undefined)?.example;
  if (example === undefined || example.value === '') return undefined;
  return {
    value: example.value,
    fallback: fallback ?? '',
    reason: {
      kind: 'compose',
      at: example.at,
      text: `the template ${example.at.file} sets ${name ?? ''} for everyone who copies it`,
    },
  };
}

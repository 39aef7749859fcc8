import type { Fact } from './fact.ts';

/** What a rule hands to its runner: a fact it needs, a path of its own, or (in `rules/`) a claim. */
export interface Ask {
  readonly step: 'ask';
  readonly fact: Fact<unknown>;
}

export interface Fork {
  readonly step: 'fork';
  readonly path: () => Generator<unknown, void, unknown>;
}

/** Asks for a fact. An unknown ends this path of the rule as inconclusive, with its reason; what was asked becomes the chain of causes. */
export function* know<T>(fact: Fact<T>): Generator<Ask, T, unknown> {
  return (yield { step: 'ask', fact }) as T;
}

/** Follows one path for each item: an unknown ends the path of that item alone, and its reasons stay with it. */
export function* each<T, S>(
  items: Iterable<T>,
  path: (item: T) => Generator<S, void, unknown>,
): Generator<S | Fork, void, unknown> {
  for (const item of items) yield { step: 'fork', path: () => path(item) as Generator<unknown, void, unknown> };
}

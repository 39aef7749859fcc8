import type { Place } from '../text/place.ts';

/** One link of a chain of causes: where something is said, or which table says it. */
export type Reason =
  | {
      readonly kind: 'line' | 'source' | 'ignore-pattern' | 'compose' | 'default' | 'derived';
      readonly at: Place;
      readonly text: string;
    }
  | {
      readonly kind: 'base-image' | 'package-table' | 'server-table' | 'evidence';
      readonly ref: string;
      readonly text: string;
    };

/** Something Plimsoll knows, with why; or does not know, with why not. Nothing in between is ever said. */
export type Fact<T> =
  | { readonly known: true; readonly value: T; readonly because: readonly Reason[]; readonly hypothetical?: string }
  | { readonly known: false; readonly why: string; readonly because: readonly Reason[] };

/** `assumed`: was there, then a command ran that is not modelled. It may excuse, never accuse. */
export type Presence = 'present' | 'absent' | 'assumed';

export function known<T>(value: T, ...because: readonly Reason[]): Fact<T> {
  return { known: true, value, because };
}

export function unknown(why: string, ...because: readonly Reason[]): Fact<never> {
  return { known: false, why, because };
}

/** Applies a function to a known value and keeps the reasons; an unknown stays as it is. */
export function mapFact<T, U>(fact: Fact<T>, apply: (value: T) => U): Fact<U> {
  return fact.known ? { ...fact, value: apply(fact.value) } : fact;
}

/** Continues with a fact that follows from another: the reasons of both, in order. */
export function chainFact<T, U>(fact: Fact<T>, next: (value: T) => Fact<U>): Fact<U> {
  if (!fact.known) return fact;
  const following = next(fact.value);
  const because = [...fact.because, ...following.because];
  return fact.hypothetical !== undefined && following.known
    ? { ...following, because, hypothetical: fact.hypothetical }
    : { ...following, because };
}

/** The known value, or `undefined` where it is not known. For display and for excuses, never for accusations. */
export function knownValue<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

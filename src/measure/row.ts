import type { Outcome } from '../engine/outcome.ts';
import type { Digest } from '../repo/repo.ts';
import { measureNamed } from './names.ts';

/** One result before it becomes evidence. */
export interface Row {
  readonly kind: 'measurement' | 'not-measured' | 'assumption';
  readonly measure: string;
  readonly service?: string;
  readonly value?: number | string | boolean;
  readonly samples?: readonly number[];
  readonly text: string;
  readonly image?: string;
  readonly argv?: readonly string[];
  readonly exit?: number;
  readonly log?: Digest;
}

/** A result with the call that gave it. The value of several samples is their median.
 * @throws RangeError for an unknown measure. */
export function measured(
  measure: string,
  value: number | string | boolean | readonly number[],
  text: string,
  from?: Outcome,
  service?: string,
): Row {
  measureNamed(measure);
  const samples = Array.isArray(value) ? (value as readonly number[]) : undefined;
  return {
    kind: 'measurement',
    measure,
    value: samples === undefined ? (value as number | string | boolean) : median(samples),
    ...(samples === undefined || samples.length < 2 ? {} : { samples }),
    text,
    ...source(from),
    ...(service === undefined ? {} : { service }),
  };
}

/** The explicit absence of a result. */
export function notMeasured(measure: string, why: string, service?: string, from?: Outcome): Row {
  measureNamed(measure);
  return { kind: 'not-measured', measure, text: why, ...source(from), ...(service === undefined ? {} : { service }) };
}

/** The command, exit code and log of a call. */
export function source(from: Outcome | undefined): Pick<Row, 'argv' | 'exit' | 'log'> {
  if (from === undefined) return {};
  return {
    argv: from.argv,
    ...(from.exit === undefined ? {} : { exit: from.exit }),
    ...(from.log === undefined ? {} : { log: from.log }),
  };
}

/** The middle value; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

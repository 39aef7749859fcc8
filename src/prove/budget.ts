import { measureNamed } from '../measure/names.ts';
import type { Row } from '../measure/row.ts';

/** At most this number, one of these, or exactly this truth. */
export interface Limit {
  readonly value: number | boolean | readonly number[];
  /** As people wrote it: `at most 60 MB`. */
  readonly text: string;
}

export interface Budgets {
  readonly general: ReadonlyMap<string, Limit>;
  /** By service; they come before the general ones. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, Limit>>;
}

export interface Judgement {
  readonly text: string;
  readonly met: boolean;
  /** Said by the config, or needed for anything at all (an image that builds, a stack that becomes healthy): a miss fails. */
  readonly demanded: boolean;
}

/** Without these nothing else means anything. */
const indispensable = new Set(['image.builds', 'stack.config', 'service.starts', 'stack.healthy']);

/** Compares a result with the config's budget, or else with what a sound image has. Undefined: nothing is demanded. */
export function judge(row: Row, budgets: Budgets): Judgement | undefined {
  const own = row.service === undefined ? undefined : budgets.services.get(row.service)?.get(row.measure);
  const limit = own ?? budgets.general.get(row.measure);
  if (row.kind !== 'measurement' || row.value === undefined) return undefined;
  if (limit !== undefined) return { text: limit.text, met: within(row.value, limit.value), demanded: true };
  if (row.measure === 'service.stop.code') {
    return { text: '0 or 143', met: row.value === 0 || row.value === 143, demanded: false };
  }
  if (row.measure === 'image.user')
    return { text: 'not root', met: !/^(root|0)(:|$)/.test(String(row.value)), demanded: false };
  const { sound, unit } = measureNamed(row.measure);
  if (sound === undefined) return undefined;
  const text =
    typeof sound === 'boolean' ? (sound ? 'yes' : 'no') : `at most ${sound}${unit === 'times' ? ' times' : ''}`;
  return { text, met: within(row.value, sound), demanded: indispensable.has(row.measure) };
}

function within(value: number | string | boolean, limit: Limit['value']): boolean {
  if (typeof limit === 'object') return typeof value === 'number' && limit.includes(value);
  return typeof limit === 'number' ? typeof value === 'number' && value <= limit : value === limit;
}

import { known, unknown } from '../facts/fact.ts';
import { lifetimesOf } from '../images/end-of-life.ts';
import { lookupImage } from '../images/lookup.ts';
import { parseReference } from '../images/reference.ts';
import type { TargetBase } from './types.ts';

/** Whether the product of an image has had its last security fix before a day (ISO date). Known null: not, or not in the tables. */
export function endedOf(name: string, today: string): TargetBase['ended'] {
  if (/\$/.test(name)) return unknown(`the base ${name} depends on a variable`);
  const image = lookupImage(name);
  const reference = image.known ? image.value.reference : parseReference(name);
  if (reference?.tag === undefined) return known(null);
  const suite = image.known && image.value.release.known ? image.value.release.value : undefined;
  const ended = lifetimesOf(reference.name, reference.tag, suite, today).find((l) => l.ended && l.end !== undefined);
  if (ended?.end === undefined) return known(null);
  return known({
    product: ended.product,
    cycle: ended.cycle,
    date: ended.end,
    newest: ended.latest ?? 'a supported release',
  });
}

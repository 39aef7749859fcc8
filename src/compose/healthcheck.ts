import { known, type Reason, unknown } from '../facts/fact.ts';
import { bool, factOf, number, optional, seconds, text } from './fields.ts';
import { at, isNull, type Mapping, type Node, textOf } from './node.ts';
import type { ComposeHealthcheck } from './settings.ts';
import { displayText, textFact } from './unknown-text.ts';

type Test = NonNullable<ComposeHealthcheck['test']>;

export function readHealthcheck(node: Mapping): ComposeHealthcheck | undefined {
  const check = at(node, 'healthcheck');
  if (check === undefined || check.kind !== 'map') return undefined;
  const disable = optional(check, 'disable', bool, 'healthcheck.disable')?.fact;
  const test = readTest(at(check, 'test'));
  const none = test?.fact.known === true && test.fact.value.length === 0 && test.form === 'exec';
  const interval = optional(check, 'interval', seconds, 'healthcheck.interval');
  const timeout = optional(check, 'timeout', seconds, 'healthcheck.timeout');
  const retries = optional(check, 'retries', number, 'healthcheck.retries');
  const startPeriod = optional(check, 'start_period', seconds, 'healthcheck.start_period');
  const startInterval = optional(check, 'start_interval', seconds, 'healthcheck.start_interval');
  return {
    at: check.at,
    disabled: (disable?.known === true && disable.value) || none,
    ...(test === undefined || none ? {} : { test }),
    ...(interval === undefined ? {} : { interval }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries === undefined ? {} : { retries }),
    ...(startPeriod === undefined ? {} : { startPeriod }),
    ...(startInterval === undefined ? {} : { startInterval }),
  };
}

/** A text and `CMD-SHELL` run in the image's shell; `CMD` runs its words; `NONE` is given as no words. */
function readTest(node: Node | undefined): Test | undefined {
  if (node === undefined || isNull(node)) return undefined;
  const base = { at: node.at, replaced: node.replaced ?? [] };
  const reason: Reason = { kind: 'compose', at: node.at, text: 'healthcheck.test' };
  if (node.kind !== 'seq') {
    const said = textOf(node);
    if (said === undefined)
      return { ...base, form: 'shell', fact: unknown('healthcheck.test is neither a text nor a list', reason) };
    const because = node.kind === 'scalar' ? (node.because ?? []) : [];
    const fact = textFact(said, [{ ...reason, text: `healthcheck.test: ${displayText(said)}` }, ...because]);
    return { ...base, form: 'shell', fact: fact.known ? { ...fact, value: [fact.value] } : fact };
  }
  const words = node.items.map((item) => factOf(item, 'healthcheck.test', text));
  const kind = words[0];
  const form = kind?.known === true && kind.value === 'CMD-SHELL' ? 'shell' : 'exec';
  const bad = words.find((word) => !word.known);
  if (bad !== undefined && !bad.known) return { ...base, form, fact: bad };
  const values = words.flatMap((word) => (word.known ? [word.value] : []));
  const [first, ...rest] = values;
  if (first === undefined || first === 'NONE') return { ...base, form: 'exec', fact: known([], reason) };
  if (first !== 'CMD' && first !== 'CMD-SHELL') {
    return { ...base, form, fact: unknown('healthcheck.test does not begin with CMD, CMD-SHELL or NONE', reason) };
  }
  const said = values.join(' ');
  return {
    ...base,
    form,
    fact: known(
      rest,
      { ...reason, text: `healthcheck.test: ${said}` },
      ...words.flatMap((word) => word.because.slice(1)),
    ),
  };
}

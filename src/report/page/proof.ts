import type { Entry } from '../../ledger/entry.ts';
import { measures } from '../../measure/names.ts';
import type { Finding } from '../../rules/finding.ts';
import { contradictions } from './contradictions.ts';
import type { Cell, Evidence, Prediction, Proof, Row, Section } from './evidence.ts';
import { formatValue } from './value.ts';

/** Builds what the page says from the ledger alone. The last run is reported; of entries about the same thing the last wins.
 * Undefined when there is no evidence. */
export function proofOf(all: readonly Evidence[], run?: string): Proof | undefined {
  const wanted =
    run ??
    all.findLast((e) => e.entry.kind === 'measurement' || e.entry.kind === 'not-measured')?.entry.run ??
    all.at(-1)?.entry.run;
  const evidence = all.filter((e) => e.entry.run === wanted);
  const first = evidence[0];
  const last = evidence.at(-1);
  if (wanted === undefined || first === undefined || last === undefined) return undefined;
  // Trials of some parts of a plan say nothing of the whole.
  const whole = evidence.filter((e) => e.entry.subject.part === undefined);
  const results = latest(whole.filter((e) => e.entry.kind === 'measurement' || e.entry.kind === 'not-measured'));
  const engine = results.find((e) => e.entry.engine !== undefined)?.entry.engine;
  const predictions = evidence.filter((e) => e.entry.kind === 'prediction' && e.entry.finding !== undefined);
  const side = (name: Entry['subject']['side']): readonly Prediction[] =>
    predictions
      .filter((e) => e.entry.subject.side === name)
      .map((e) => ({ evidence: e, finding: e.entry.finding as Finding }));
  const sides = { before: side('before'), after: side('after') };
  return {
    run: wanted,
    stack: results[0]?.entry.subject.stack ?? first.entry.subject.stack,
    started: first.entry.at,
    ended: last.entry.at,
    ...(engine === undefined ? {} : { engine: `${engine.name} ${engine.version} on ${engine.platform}` }),
    standIns: standInsOf(results),
    sections: sectionsOf(results),
    counts: {
      measured: results.filter((e) => e.entry.kind === 'measurement').length,
      notMeasured: results.filter((e) => e.entry.kind === 'not-measured').length,
      met: results.filter((e) => e.entry.subject.side === 'after' && e.entry.budget?.met === true).length,
      missed: results.filter((e) => e.entry.subject.side === 'after' && e.entry.budget?.met === false).length,
      assumptions: whole.filter((e) => e.entry.kind === 'assumption').length,
    },
    assumptions: whole.filter((e) => e.entry.kind === 'assumption'),
    predictions: sides,
    wrong: contradictions([...sides.before, ...sides.after], results),
    evidence,
  };
}

/** A resumed run measures some things twice: the later entry counts. */
function latest(evidence: readonly Evidence[]): readonly Evidence[] {
  const byKey = new Map<string, Evidence>();
  for (const e of evidence) {
    const { side, service, stack } = e.entry.subject;
    byKey.set(`${side} ${stack} ${service ?? ''} ${e.entry.measure}`, e);
  }
  return [...byKey.values()];
}

/** Every stand-in once: an image built on two of them names both, and the registry of the public ones goes without saying. */
function standInsOf(results: readonly Evidence[]): readonly string[] {
  const all = results.flatMap((e) => e.entry.standIn?.split(/;\s*/) ?? []);
  return [...new Set(all.map((text) => text.replace(/^docker\.io\/(?:library\/)?/, '')))].sort();
}

/** Rows of `prove` about a part of the plan: `part:dockerfile:api/Dockerfile`. */
const PART = /^part:([^:]*):?(.*)$/;

function sectionsOf(results: readonly Evidence[]): readonly Section[] {
  const parts = results.filter((e) => PART.test(e.entry.measure));
  const others = results.filter((e) => !PART.test(e.entry.measure));
  const services = [...new Set(others.map((e) => e.entry.subject.service))].sort((a, b) =>
    (a ?? '\uffff').localeCompare(b ?? '\uffff'),
  );
  const sections = services.map(
    (service): Section => ({
      ...(service === undefined ? {} : { service }),
      title: service ?? 'the stack',
      rows: rowsOf(others.filter((e) => e.entry.subject.service === service)),
    }),
  );
  return parts.length === 0
    ? sections
    : [...sections, { title: 'parts of the refit that had to be shown to work', rows: rowsOf(parts) }];
}

/** One row a measure, in the order in which people read them. */
function rowsOf(own: readonly Evidence[]): readonly Row[] {
  const found = [...new Set(own.map((e) => e.entry.measure))];
  const order = new Map(measures.map((m, i) => [m.name, i]));
  const rank = (name: string): number => order.get(name) ?? order.size;
  return found
    .sort((a, b) => rank(a) - rank(b))
    .map((measure): Row => {
      const cell = (side: 'before' | 'after'): Cell | undefined => {
        const one = own.find((e) => e.entry.measure === measure && e.entry.subject.side === side);
        return one === undefined ? undefined : cellOf(one);
      };
      const before = cell('before');
      const after = cell('after');
      const title = titleOf(
        measure,
        own.find((e) => e.entry.measure === measure && e.entry.title !== undefined)?.entry.title,
      );
      return { measure, title, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    });
}

function titleOf(measure: string, stored: string | undefined): string {
  const [, kind = '', file = ''] = PART.exec(measure) ?? [];
  if (kind === '') return stored ?? measure;
  return stored === undefined || stored.startsWith('plan part ') ? (file === '' ? kind : `${file} (${kind})`) : stored;
}

function cellOf(evidence: Evidence): Cell {
  const { entry } = evidence;
  if (entry.kind === 'not-measured') return { evidence, text: 'not measured', state: 'open' };
  const part = PART.test(entry.measure);
  const met = part ? entry.value === true : entry.budget?.met;
  const state = met === undefined ? 'plain' : met ? 'good' : 'bad';
  const text = part ? (entry.value === true ? entry.text : `not shown: ${entry.text}`) : formatValue(entry);
  return { evidence, text, state };
}

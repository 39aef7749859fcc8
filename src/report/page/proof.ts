import type { Entry } from '../../ledger/entry.ts';
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
  const results = latest(evidence.filter((e) => e.entry.kind === 'measurement' || e.entry.kind === 'not-measured'));
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
    standIns: [...new Set(results.flatMap((e) => (e.entry.standIn === undefined ? [] : [e.entry.standIn])))].sort(),
    sections: sectionsOf(results),
    counts: {
      measured: results.filter((e) => e.entry.kind === 'measurement').length,
      notMeasured: results.filter((e) => e.entry.kind === 'not-measured').length,
      met: results.filter((e) => e.entry.subject.side === 'after' && e.entry.budget?.met === true).length,
      missed: results.filter((e) => e.entry.subject.side === 'after' && e.entry.budget?.met === false).length,
      assumptions: evidence.filter((e) => e.entry.kind === 'assumption').length,
    },
    assumptions: evidence.filter((e) => e.entry.kind === 'assumption'),
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

function sectionsOf(results: readonly Evidence[]): readonly Section[] {
  const services = [...new Set(results.map((e) => e.entry.subject.service))].sort((a, b) =>
    (a ?? '\uffff').localeCompare(b ?? '\uffff'),
  );
  return services.map((service) => {
    const own = results.filter((e) => e.entry.subject.service === service);
    const measures = [...new Set(own.map((e) => e.entry.measure))];
    const rows = measures.map((measure): Row => {
      const cell = (side: 'before' | 'after'): Cell | undefined => {
        const found = own.find((e) => e.entry.measure === measure && e.entry.subject.side === side);
        return found === undefined ? undefined : cellOf(found);
      };
      const before = cell('before');
      const after = cell('after');
      const title = own.find((e) => e.entry.measure === measure && e.entry.title !== undefined)?.entry.title ?? measure;
      return { measure, title, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    });
    return { ...(service === undefined ? {} : { service }), rows };
  });
}

function cellOf(evidence: Evidence): Cell {
  const { entry } = evidence;
  if (entry.kind === 'not-measured') return { evidence, text: 'not measured', state: 'open' };
  const state = entry.budget === undefined ? 'plain' : entry.budget.met ? 'good' : 'bad';
  return { evidence, text: formatValue(entry), state };
}

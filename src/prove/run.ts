import type { Call, Engine, EngineFacts } from '../engine/engine.ts';
import type { Entry, EvidenceId } from '../ledger/entry.ts';
import { isFault } from '../ledger/ledger.ts';
import { measureNamed } from '../measure/names.ts';
import type { Row } from '../measure/row.ts';
import type { Digest } from '../repo/repo.ts';
import { judge } from './budget.ts';
import type { ProveEvent, ProveOptions } from './options.ts';

export type Side = 'before' | 'after';

type Recorded = { readonly id: EvidenceId; readonly entry: Omit<Entry, 'at'> };

/** One run of `prove`: turns rows into evidence and knows when to stop. */
export class Run {
  readonly id: string;
  readonly owner: string;
  readonly options: ProveOptions;
  readonly engine: Engine;
  readonly facts: EngineFacts;
  /** Folder of the run. */
  readonly folder: string;
  readonly entries: Recorded[] = [];
  /** Set in a trial of some parts of the plan: which. */
  readonly part: string | undefined;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #known: ReadonlySet<string>;
  readonly #standIns = new Map<string, string>();
  /** What each service is built from, on the side that was proven last. */
  readonly builds = new Map<string, { readonly dockerfile: string; readonly context: string }>();
  /** Layers of the base images met so far. */
  readonly bases = new Map<string, readonly string[]>();
  /** Names of all services, as soon as a side could be read. */
  services: readonly string[] = [];
  fault: string | undefined;

  constructor(
    id: string,
    owner: string,
    folder: string,
    options: ProveOptions,
    facts: EngineFacts,
    wrap: (run: Run) => Engine,
    part?: string,
  ) {
    this.part = part;
    this.id = id;
    this.owner = owner;
    this.folder = folder;
    this.options = options;
    this.facts = facts;
    this.#signal =
      options.signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, options.signal]);
    const earlier = options.ledger
      .entries()
      .filter((stored) => stored.entry.run === id && stored.entry.kind === 'measurement');
    this.#known = new Set(
      earlier.map(({ entry }) => key(entry.subject.side, entry.subject.service, entry.measure, entry.subject.inputs)),
    );
    this.engine = wrap(this);
  }

  get call(): Call {
    return { signal: this.#signal, seconds: 60 };
  }

  /** Ctrl-C, a lost engine or a ledger that takes nothing: nothing more is started. */
  get stopped(): boolean {
    return this.#signal.aborted;
  }

  get labels(): Record<string, string> {
    return { 'plimsoll.run': this.id, 'plimsoll.owner': this.owner };
  }

  /** Ends the run with a sentence that says why. */
  fail(why: string): void {
    this.fault ??= why;
    this.#stop.abort();
  }

  tell(event: ProveEvent): void {
    this.options.progress?.(event);
  }

  step(side: Side, text: string): void {
    this.tell({ kind: 'step', side, text: this.part === undefined ? text : `only ${this.part}: ${text}` });
  }

  /** Times are measured this often. */
  get samples(): number {
    return this.options.quick ? 1 : (this.options.runs ?? 3);
  }

  standIn(service: string, what: string): void {
    this.#standIns.set(service, what);
  }

  /** True when an earlier, interrupted part of this run has measured all of these on the same inputs. */
  has(side: Side, inputs: Digest, service: string | undefined, names: readonly string[]): boolean {
    return names.every((name) => this.#known.has(key(side, service, name, inputs)));
  }

  /** Stores rows. After a stop nothing is stored: what was cut off says nothing about the repository. */
  record(side: Side, inputs: Digest, rows: readonly Row[]): void {
    for (const row of rows) {
      if (this.stopped) return;
      if (row.kind === 'measurement' && this.#known.has(key(side, row.service, row.measure, inputs))) continue;
      this.#append(this.#entry(side, inputs, row));
    }
  }

  assume(side: Side, inputs: Digest, text: string, service?: string): void {
    if (this.stopped) return;
    this.#append({
      kind: 'assumption',
      run: this.id,
      subject: { ...this.#subject(side, inputs), ...(service === undefined ? {} : { service }) },
      measure: 'assumption',
      text,
    });
  }

  /** Stores an entry as it is. */
  append(entry: Omit<Entry, 'at'>): EvidenceId | undefined {
    return this.#append(entry);
  }

  #append(entry: Omit<Entry, 'at'>): EvidenceId | undefined {
    const id = this.options.ledger.append(entry);
    if (isFault(id)) {
      this.fail(`${id.fault}; ${id.remedy}`);
      return undefined;
    }
    this.entries.push({ id, entry });
    this.tell({ kind: 'row', id, entry });
    return id;
  }

  #entry(side: Side, inputs: Digest, row: Row): Omit<Entry, 'at'> {
    const measure = measureNamed(row.measure);
    const judged = judge(row, this.options.budgets);
    const standIn =
      row.service === undefined ? [...new Set(this.#standIns.values())].join('; ') : this.#standIns.get(row.service);
    const { name, version, platform } = this.facts;
    const entry: Omit<Entry, 'at'> = {
      kind: row.kind,
      run: this.id,
      subject: {
        ...this.#subject(side, inputs),
        ...(row.service === undefined ? {} : { service: row.service }),
        ...(row.image === undefined ? {} : { image: row.image }),
      },
      measure: row.measure,
      title: measure.title,
      unit: measure.unit,
      ...(row.value === undefined ? {} : { value: row.value }),
      ...(row.samples === undefined ? {} : { samples: row.samples }),
      ...(judged === undefined ? {} : { budget: { text: judged.text, met: judged.met } }),
      text: row.text,
      ...(standIn === undefined || standIn === '' ? {} : { standIn }),
      engine: { name, version, platform },
      ...(row.argv === undefined ? {} : { argv: row.argv }),
      ...(row.exit === undefined ? {} : { exit: row.exit }),
      ...(row.log === undefined ? {} : { log: row.log }),
    };
    const counts = this.options.after === undefined ? 'before' : 'after';
    if (judged?.met === false && judged.demanded && side === counts) this.#missing.add(entry);
    return entry;
  }

  #subject(side: Side, inputs: Digest): Entry['subject'] {
    const { stackName: stack } = this.options;
    return { side, stack, inputs, ...(this.part === undefined ? {} : { part: this.part }) };
  }

  readonly #missing = new Set<Omit<Entry, 'at'>>();

  /** Rows that missed what was demanded, of the side that counts. */
  get missedRows(): readonly Recorded[] {
    return this.entries.filter(({ entry }) => this.#missing.has(entry));
  }
}

function key(side: Side, service: string | undefined, measure: string, inputs: Digest): string {
  return `${side}\0${service ?? ''}\0${measure}\0${inputs}`;
}

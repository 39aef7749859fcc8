/** What was worked out in earlier runs, by name. The pure middle says what it kept and what that depends on; whoever starts Plimsoll
 * says where it lies. Everything kept is plain data that survives JSON. */
export interface KeptWork {
  /** A short name for a text or bytes; equal only for equal ones. Bound: it may be handed on. */
  readonly digest: (content: string | Uint8Array) => string;
  /** What an earlier run kept under this name. Its shape is that of what was kept: nothing else writes it. */
  find(name: string): unknown;
  /** @param value Asked for once, when the run is over; the last one given for a name counts. */
  keep(name: string, value: () => unknown): void;
}

let work: KeptWork | undefined;

/** Says where work is kept between runs; undefined: nowhere. */
export function keepWorkIn(given: KeptWork | undefined): void {
  work = given;
}

export function keptWork(): KeptWork | undefined {
  return work;
}

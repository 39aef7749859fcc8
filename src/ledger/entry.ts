import type { Digest } from '../repo/repo.ts';

/** sha256 of an entry as stored. Only `Ledger.append` mints one, so nothing can be said to be proven without evidence. */
declare const minted: unique symbol;
export type EvidenceId = string & { readonly [minted]: true };

/** One row of evidence. Append-only; secrets are masked before it is stored. */
export interface Entry {
  readonly kind: 'measurement' | 'prediction' | 'assumption' | 'not-measured';
  /** ISO 8601, UTC. */
  readonly at: string;
  /** One run of `prove`: entries of one run share it. */
  readonly run: string;
  /** What was looked at: `before` is the repository as found, `after` as refitted. */
  readonly subject: {
    readonly side: 'before' | 'after';
    readonly stack: string;
    readonly service?: string;
    /** Digest of everything the number depends on: it is stale when they change. */
    readonly inputs: Digest;
    /** Only these parts of the plan were applied, to find out which of them works: says nothing of the whole. */
    readonly part?: string;
    /** Image id or digest where an image was measured. */
    readonly image?: string;
  };
  /** What was measured: a stable name such as `image.size.unpacked`. */
  readonly measure: string;
  /** How people call it: `unpacked size`. Stored, so that evidence stays readable without this version of Plimsoll. */
  readonly title?: string;
  /** `bytes`, `seconds`, `count`, `boolean`, `text`, … */
  readonly unit?: string;
  /** The result: the median where there are samples. */
  readonly value?: number | string | boolean;
  readonly samples?: readonly number[];
  /** What it should be, when a budget of the config or a property of a sound image says so. */
  readonly budget?: { readonly text: string; readonly met: boolean };
  /** One sentence: what was seen, in the engine's words where it failed; for `not-measured` why. */
  readonly text: string;
  /** What the base images really were, when they were stand-ins. */
  readonly standIn?: string;
  readonly engine?: { readonly name: string; readonly version: string; readonly platform: string };
  readonly argv?: readonly string[];
  readonly exit?: number;
  readonly log?: Digest;
  /** Ids of the entries that this one follows from. */
  readonly evidence?: readonly string[];
  /** A finding, for predictions. */
  readonly finding?: unknown;
}

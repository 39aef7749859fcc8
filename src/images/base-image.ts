import type { Fact, Presence, Reason } from '../facts/fact.ts';
import type { ImageReference } from './reference.ts';

/** What is known of a public image before anything is built on it. Nothing here is a guess: a part that depends on a version
 * or suite that cannot be told is unknown. */
export interface BaseImage {
  readonly reference: ImageReference;
  /** Entry of the table: `node:*-slim`. */
  readonly family: string;
  readonly reason: Reason;
  /** Low: absence is never asserted. */
  readonly confidence: 'high' | 'low';
  /** The exact tag is built today. False: an older image may be served under it. Undefined: no list to look in. */
  readonly current?: boolean;
  /** Version of the product in the image as far as the tag tells: `3.12`, `22.11.0`. */
  readonly version?: string;
  readonly distro: Fact<'debian' | 'ubuntu' | 'alpine' | 'distroless' | 'oraclelinux' | 'none'>;
  /** Suite (`bookworm`) or number (`3.20`) of the distribution. */
  readonly release: Fact<string>;
  readonly libc: Fact<'glibc' | 'musl' | 'none'>;
  readonly packageManager: Fact<'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'none'>;
  readonly shell: Fact<'dash' | 'bash' | 'busybox' | 'none'>;
  /** Tracked commands and those of the family. */
  readonly commands: ReadonlyMap<string, Fact<Presence>>;
  /** Absolute paths of commands of the distribution's own root, where they are listed; `complete` when there are no others. */
  readonly paths: Fact<{ readonly paths: readonly string[]; readonly complete: boolean }>;
  readonly user: string;
  /** Users beyond the distribution's own. */
  readonly users: readonly BaseUser[];
  readonly groups: ReadonlyMap<string, number>;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly healthcheck?: {
    readonly command: string;
    readonly interval: number;
    readonly timeout: number;
    readonly startPeriod: number;
  };
  readonly ports: readonly { readonly port: number; readonly protocol: 'tcp' | 'udp' }[];
  readonly volumes: readonly string[];
  readonly env: ReadonlyMap<string, Fact<string>>;
  readonly stopSignal: string;
  /** `python` → `3.12`, `node` → `22`. */
  readonly languages: ReadonlyMap<string, Fact<string>>;
  /** Paths that a user (name, id or `any user`) may write, as the table says. */
  readonly writable: Readonly<Record<string, readonly string[]>>;
  /** What the software writes at run time, in words. */
  readonly runtimeWrites: readonly string[];
  /** Unpacked and compressed size in bytes, within about 15 %. */
  readonly size?: { readonly unpacked: number; readonly compressed: number };
  /** Points of the table that are doubtful, in words. */
  readonly doubts: readonly string[];
}

export interface BaseUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home?: string;
  readonly shell?: string;
}

/** One row of `data/bases.json`, as `scripts/images/compact-base.mjs` writes it. */
export interface BaseRow {
  readonly key: string;
  readonly repo: string;
  readonly tag?: string;
  readonly distro: 'debian' | 'ubuntu' | 'alpine' | 'distroless' | 'oraclelinux' | 'none' | null;
  readonly libc: 'glibc' | 'musl' | 'none' | null;
  readonly manager: 'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'none';
  readonly sh: 'dash' | 'bash' | 'busybox' | 'none';
  readonly base: string | null;
  readonly suite: string | Readonly<Record<string, string>> | null;
  readonly present: string;
  readonly absent: string;
  readonly conditional: readonly Conditional[];
  readonly unsure: string;
  readonly user: string;
  readonly users: readonly (readonly [string, number, number, string | null, string | null])[];
  readonly groups?: Readonly<Record<string, number>>;
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly ({ readonly path: string } & Bounds)[];
  readonly env: Readonly<Record<string, { readonly value?: string; readonly version?: true } & Bounds>>;
  readonly stopSignal: string | null;
  readonly healthcheck: string | null;
  readonly writable: Readonly<Record<string, readonly string[]>>;
  readonly runtimeWrites: readonly string[];
  readonly size: Readonly<Record<string, { readonly compressedMB: number; readonly unpackedMB: number }>> | null;
  readonly confidence: string;
  readonly doubts: readonly string[];
}

/** Holds from one version (inclusive) to another (exclusive). */
export interface Bounds {
  readonly atLeast?: string;
  readonly below?: string;
}

export interface Conditional {
  readonly bin: string;
  readonly presentIf?: Condition;
  readonly absentIf?: Condition;
}

export interface Condition {
  readonly always?: true;
  readonly versionBelow?: string;
  readonly versionAtLeast?: string;
  readonly suite?: readonly string[];
  readonly tagContains?: string;
  readonly tagLacks?: string;
  readonly releasedBefore?: string;
}

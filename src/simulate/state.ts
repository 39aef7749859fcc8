import type { Fact, Presence, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';

/** What is known of one path of an image. Modes are permission bits with setuid, setgid and sticky (octal 0o7777). */
export interface FileEntry {
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where a symlink points, as written. */
  readonly target?: string;
  /** Bytes; absent where unknown. */
  readonly size?: number;
  /** Text, where a later command or a rule may need it and it is known. */
  readonly content?: () => string | undefined;
  /** The repository file it is an unchanged copy of. */
  readonly source?: string;
  readonly origin: Reason;
}

/** Parts of an entry that are known one by one. */
export interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** `entry` is there when present or assumed and its attributes are known. */
export interface PathState {
  readonly presence: Presence;
  readonly entry?: FileEntry;
  /** Also where the entry's owner and mode are not known (a file that may have existed before it was written). */
  readonly type?: FileEntry['type'];
  /** What is known of the entry: all of it when `entry` is set, else perhaps only the owner or the mode. */
  readonly attributes: Attributes;
  /** Text of the file where it is known, even when owner and mode are not. */
  readonly content?: () => string | undefined;
  /** The path with every symlink resolved (the last one only when followed). */
  readonly real: string;
}

/** A file system as far as it is known; immutable. A path below an open directory (a base image's /usr, a folder an
 * unmodelled command wrote to) that was never seen is unknown, below a closed one it is absent. */
export interface FileTree {
  /** `follow` (default true) resolves a symlink in the last component too. */
  lookup(path: string, options?: { readonly follow?: boolean }): Fact<PathState>;
  /** Names in a directory, with whether they are all. Unknown when the path is not known to be a directory. */
  list(path: string): Fact<{ readonly names: readonly string[]; readonly complete: boolean }>;
  /** Every known entry, sorted by path, for display and for comparison with an engine. */
  entries(): Iterable<readonly [path: string, entry: FileEntry, presence: Presence]>;
}

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly origin: Reason;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly origin: Reason;
}

/** Who a process runs as: ids where they are known. `written` is the text of USER or of the base's default. */
export interface RunUser {
  readonly written: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Command {
  readonly form: 'exec' | 'shell';
  /** Exec form: the vector. Shell form: one element, the text handed to the shell. */
  readonly argv: readonly string[];
  readonly at?: Place;
}

export interface Healthcheck {
  /** `none`: HEALTHCHECK NONE switches off what the base sets. */
  readonly kind: 'command' | 'none';
  readonly command?: Command;
  /** Seconds, as far as set; the engine's defaults are 30, 30, 0, 5 and 3 retries. */
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
}

export interface Port {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly because: readonly Reason[];
}

export interface Distro {
  readonly id: string;
  /** Release name or number (`bookworm`, `3.20`), where known. */
  readonly release?: string;
}

/** A package that some package manager has put into the image. */
export interface InstalledPackage {
  readonly manager: 'apt' | 'apk' | 'rpm' | 'pip' | 'npm' | 'gem' | 'go' | 'cargo';
  readonly name: string;
  readonly version?: string;
  /** Folder it lives in for language packages: a virtualenv, a project's node_modules. */
  readonly prefix?: string;
  readonly because: readonly Reason[];
}

/** Everything known of an image at one point of its build. Immutable: each instruction gives a new one. */
export interface ImageState {
  readonly tree: FileTree;
  readonly env: ReadonlyMap<string, Fact<string>>;
  readonly workdir: Fact<string>;
  readonly user: Fact<RunUser>;
  readonly shell: readonly string[];
  readonly entrypoint: Fact<Command | null>;
  readonly cmd: Fact<Command | null>;
  readonly healthcheck: Fact<Healthcheck | null>;
  readonly stopSignal: Fact<string>;
  readonly ports: readonly Port[];
  readonly volumes: readonly { readonly path: string; readonly because: readonly Reason[] }[];
  readonly labels: ReadonlyMap<string, Fact<string>>;
  readonly users: Fact<readonly User[]>;
  readonly groups: Fact<readonly Group[]>;
  readonly distro: Fact<Distro>;
  readonly libc: Fact<'glibc' | 'musl' | 'none'>;
  readonly packageManager: Fact<'apt' | 'apk' | 'dnf' | 'microdnf' | 'yum' | 'none'>;
  /** What `/bin/sh` is. */
  readonly bourneShell: Fact<'dash' | 'bash' | 'busybox' | 'none'>;
  /** Language run times and their ABI: `python` → `3.12`, `node` → `22`. */
  readonly languages: ReadonlyMap<string, Fact<string>>;
  readonly packages: readonly InstalledPackage[];
  /** Whether a command (a name looked up on PATH, or an absolute path) can be run, and why. */
  command(name: string): Fact<Presence>;
}

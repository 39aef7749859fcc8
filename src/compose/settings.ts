import type { Fact, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { Mapping, Replaced } from './node.ts';

/** One setting: its value (or why it is unknown), where it stands (`at.file` is the file that set it), what it replaced. */
export interface Field<T> {
  readonly fact: Fact<T>;
  readonly at: Place;
  /** Earlier values that an override took away, oldest first. */
  readonly replaced: readonly Replaced[];
}

/** A path in a compose file: as written and, where it lies inside the repository, resolved. */
export interface ComposePath {
  readonly written: string;
  /** Relative to the repository. Undefined: absolute, in a home folder or above the repository. */
  readonly path?: string;
}

/** A command or entrypoint. An empty list clears what the image says. */
export interface ComposeCommand extends Field<readonly string[]> {
  /** `text`: one string, split by Compose without a shell. `list`: as given. */
  readonly form: 'text' | 'list';
}

export interface ComposeBuild {
  readonly at: Place;
  /** A folder of the repository; unknown for Git, URL and absolute contexts. */
  readonly context: Field<ComposePath>;
  /** Relative to the repository. Unknown when the context is. Absent with `dockerfile_inline`. */
  readonly dockerfile?: Field<ComposePath>;
  readonly dockerfileInline?: Field<string>;
  readonly target?: Field<string>;
  /** A name without value takes it from the environment of `docker compose`. */
  readonly args: ReadonlyMap<string, Field<string>>;
  readonly additionalContexts: ReadonlyMap<string, Field<ComposePath>>;
  readonly secrets: readonly ComposeGrant[];
  readonly ssh: readonly string[];
  readonly cacheFrom: readonly Field<string>[];
  readonly cacheTo: readonly Field<string>[];
  readonly tags: readonly Field<string>[];
  readonly platforms: readonly Field<string>[];
  readonly labels: ReadonlyMap<string, Field<string>>;
  readonly network?: Field<string>;
  readonly shmSize?: Field<number>;
  readonly node: Mapping;
}

export interface EnvironmentEntry extends Field<string> {
  readonly name: string;
  /** `passed`: a name without value, taken from the environment of `docker compose`. */
  readonly from: 'environment' | 'env_file' | 'passed';
}

export interface ServiceEnvironment {
  readonly entries: ReadonlyMap<string, EnvironmentEntry>;
  /** Why further variables may be set, for instance an env file that is not in the repository. Empty: the list is complete. */
  readonly open: readonly Reason[];
}

export interface EnvFileUse {
  readonly path: Field<ComposePath>;
  readonly required: boolean;
  /** `by-design`: not in the repository, and an example or .gitignore says that this is meant. */
  readonly state: 'present' | 'missing' | 'by-design' | 'unknown';
  readonly example?: string;
  readonly at: Place;
}

export interface PortMapping {
  readonly at: Place;
  /** Port in the container. */
  readonly target: Fact<number>;
  /** Port or range on the host; the empty text when the engine chooses one. */
  readonly published: Fact<string>;
  /** Empty: all interfaces. */
  readonly hostIp: Fact<string>;
  readonly protocol: string;
  readonly mode: string;
  readonly name?: string;
  readonly appProtocol?: string;
  readonly replaced: readonly Replaced[];
}

export interface ComposeMount {
  readonly at: Place;
  readonly type: Fact<string>;
  /** The volume's key, or the host path; undefined for anonymous volumes and tmpfs. */
  readonly source?: Field<ComposePath>;
  readonly target: Field<string>;
  readonly readOnly: boolean;
  /** Bind mounts only: the engine makes a folder of what is missing (short form: always). */
  readonly createHostPath: boolean;
  readonly nocopy: boolean;
  readonly subpath?: string;
  /** tmpfs mounts: bytes. */
  readonly tmpfsSize?: number;
  readonly replaced: readonly Replaced[];
}

/** One entry of `tmpfs:`. */
export interface ComposeTmpfs {
  readonly at: Place;
  readonly target: Fact<string>;
  readonly options: readonly string[];
}

export interface ServiceNetwork {
  readonly name: string;
  readonly at: Place;
  /** True: no `networks` is written, the service joins the default one. */
  readonly implicit: boolean;
  readonly aliases: readonly Field<string>[];
  readonly ipv4?: Field<string>;
  readonly ipv6?: Field<string>;
  readonly priority?: number;
}

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface Dependency {
  readonly service: string;
  readonly at: Place;
  readonly condition: Fact<DependencyCondition>;
  readonly required: boolean;
  readonly restart: boolean;
  /** What makes it one: `depends_on`, or the service's links, volumes_from and namespaces. */
  readonly from: 'depends_on' | 'links' | 'volumes_from' | 'namespace';
}

export interface ComposeHealthcheck {
  readonly at: Place;
  /** `disable: true` or the test `NONE`. */
  readonly disabled: boolean;
  /** `shell`: the words are one text for the image's shell. Absent: the image's own test is kept. */
  readonly test?: Field<readonly string[]> & { readonly form: 'shell' | 'exec' };
  /** Seconds. Absent: the image's, else the engine's default (30 s, 30 s, 3, 0 s, 5 s). */
  readonly interval?: Field<number>;
  readonly timeout?: Field<number>;
  readonly retries?: Field<number>;
  readonly startPeriod?: Field<number>;
  readonly startInterval?: Field<number>;
}

/** A secret or config given to a service or a build. */
export interface ComposeGrant {
  readonly at: Place;
  /** Key of the top-level secret or config. */
  readonly source: string;
  /** Path in the container. */
  readonly target: Fact<string>;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal bits. */
  readonly mode?: number;
}

/** 0 means no limit. */
export interface ComposeResources {
  /** Fractions of a processor. */
  readonly cpus?: Field<number>;
  /** Bytes. */
  readonly memory?: Field<number>;
  readonly pids?: Field<number>;
}

export interface ComposeDeploy {
  readonly at: Place;
  readonly mode?: Field<string>;
  readonly replicas?: Field<number>;
  readonly limits: ComposeResources;
  readonly reservations: ComposeResources;
  readonly restartCondition?: Field<string>;
  readonly restartMaxAttempts?: Field<number>;
  readonly labels: ReadonlyMap<string, Field<string>>;
  readonly node: Mapping;
}

export interface ComposeUlimit {
  readonly name: string;
  readonly at: Place;
  readonly soft: Fact<number>;
  readonly hard: Fact<number>;
}

export interface WatchRule {
  readonly at: Place;
  readonly action: string;
  readonly path: ComposePath;
  readonly target?: string;
}

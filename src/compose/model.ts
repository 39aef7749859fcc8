import type { Fact, Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { ComposeVariable } from './environment.ts';
import type { Mapping, Node, Replaced } from './node.ts';
import type { ComposeProblem } from './problem.ts';

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

/** A service after merging, in the terms of the Compose specification. What is absent was not set by any file. */
export interface ComposeService {
  readonly name: string;
  /** The key of the service where it was first defined. */
  readonly at: Place;
  /** Empty: always part of the stack. */
  readonly profiles: readonly string[];
  /** Part of the stack with the profiles asked for. */
  readonly active: boolean;
  readonly image?: Field<string>;
  readonly build?: ComposeBuild;
  readonly command?: ComposeCommand;
  readonly entrypoint?: ComposeCommand;
  readonly environment: ServiceEnvironment;
  readonly envFiles: readonly EnvFileUse[];
  readonly ports: readonly PortMapping[];
  readonly expose: readonly Field<string>[];
  readonly volumes: readonly ComposeMount[];
  readonly volumesFrom: readonly Field<string>[];
  readonly tmpfs: readonly ComposeTmpfs[];
  /** Empty with `network_mode`. */
  readonly networks: readonly ServiceNetwork[];
  readonly networkMode?: Field<string>;
  readonly dependsOn: readonly Dependency[];
  readonly healthcheck?: ComposeHealthcheck;
  readonly secrets: readonly ComposeGrant[];
  readonly configs: readonly ComposeGrant[];
  readonly deploy?: ComposeDeploy;
  /** `mem_limit`, `cpus`, `pids_limit` or their forms under `deploy.resources.limits`. */
  readonly limits: ComposeResources;
  /** `deploy.replicas` or `scale`. */
  readonly replicas?: Field<number>;
  readonly user?: Field<string>;
  readonly workingDir?: Field<string>;
  readonly containerName?: Field<string>;
  readonly hostname?: Field<string>;
  readonly domainName?: Field<string>;
  readonly platform?: Field<string>;
  readonly pullPolicy?: Field<string>;
  readonly restart?: Field<string>;
  readonly runtime?: Field<string>;
  readonly init?: Field<boolean>;
  readonly readOnly?: Field<boolean>;
  readonly privileged?: Field<boolean>;
  readonly tty?: Field<boolean>;
  readonly stdinOpen?: Field<boolean>;
  readonly stopSignal?: Field<string>;
  /** Seconds. */
  readonly stopGracePeriod?: Field<number>;
  /** Bytes. */
  readonly shmSize?: Field<number>;
  readonly pid?: Field<string>;
  readonly ipc?: Field<string>;
  readonly usernsMode?: Field<string>;
  readonly capAdd: readonly Field<string>[];
  readonly capDrop: readonly Field<string>[];
  readonly securityOpt: readonly Field<string>[];
  readonly groupAdd: readonly Field<string>[];
  readonly devices: readonly Field<string>[];
  readonly dns: readonly Field<string>[];
  readonly extraHosts: readonly Field<string>[];
  readonly links: readonly Field<string>[];
  readonly labels: ReadonlyMap<string, Field<string>>;
  readonly sysctls: ReadonlyMap<string, Field<string>>;
  readonly ulimits: readonly ComposeUlimit[];
  readonly logging?: {
    readonly at: Place;
    readonly driver?: Field<string>;
    readonly options: ReadonlyMap<string, Field<string>>;
  };
  readonly watch: readonly WatchRule[];
  /** The merged tree, for everything that has no field here: see `field`. */
  readonly node: Mapping;
}

export interface ComposeNetwork {
  readonly key: string;
  readonly at: Place;
  /** Written in no file: the default network. */
  readonly implicit: boolean;
  readonly external: boolean;
  readonly name?: Field<string>;
  readonly internal?: Field<boolean>;
  readonly driver?: Field<string>;
  readonly node: Node;
}

export interface ComposeVolume {
  readonly key: string;
  readonly at: Place;
  readonly external: boolean;
  readonly name?: Field<string>;
  readonly driver?: Field<string>;
  readonly driverOpts: ReadonlyMap<string, Field<string>>;
  readonly node: Node;
}

/** A top-level secret or config. */
export interface ComposeResource {
  readonly key: string;
  readonly at: Place;
  readonly external: boolean;
  readonly name?: Field<string>;
  readonly file?: Field<ComposePath>;
  /** The variable that holds the value. */
  readonly environment?: Field<string>;
  readonly content?: Field<string>;
  readonly node: Node;
}

/** What `docker compose` would work with for one combination of files. */
export interface ComposeModel {
  /** The files asked for, in order. */
  readonly files: readonly string[];
  /** Every file that took part: also extended and included ones. */
  readonly loaded: readonly string[];
  /** Folder that relative paths start from. */
  readonly projectDirectory: string;
  readonly name: Field<string>;
  /** All services, also those whose profile is not active. In the order of the files. */
  readonly services: ReadonlyMap<string, ComposeService>;
  readonly networks: ReadonlyMap<string, ComposeNetwork>;
  readonly volumes: ReadonlyMap<string, ComposeVolume>;
  readonly secrets: ReadonlyMap<string, ComposeResource>;
  readonly configs: ReadonlyMap<string, ComposeResource>;
  readonly variables: readonly ComposeVariable[];
  /** Env files of the project that are kept out of the repository, each with the sign of it. */
  readonly missingByDesign: readonly { readonly file: string; readonly sign: string }[];
  readonly problems: readonly ComposeProblem[];
  /** Why services or settings may be missing here. Empty: the model is complete; otherwise absence must not accuse. */
  readonly gaps: readonly Reason[];
  /** The merged tree in the long form. */
  readonly tree: Mapping;
}

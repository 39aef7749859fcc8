import type { Reason } from '../facts/fact.ts';
import type { Place } from '../text/place.ts';
import type { ComposeVariable } from './environment.ts';
import type { Mapping, Node } from './node.ts';
import type { ComposeProblem } from './problem.ts';
import type {
  ComposeBuild,
  ComposeCommand,
  ComposeDeploy,
  ComposeGrant,
  ComposeHealthcheck,
  ComposeMount,
  ComposePath,
  ComposeResources,
  ComposeTmpfs,
  ComposeUlimit,
  Dependency,
  EnvFileUse,
  Field,
  PortMapping,
  ServiceEnvironment,
  ServiceNetwork,
  WatchRule,
} from './settings.ts';

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

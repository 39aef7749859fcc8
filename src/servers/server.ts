/** Where a server fact comes from. */
export interface Origin {
  /** Repository and file, or `knowledge` (recollection). */
  readonly source: string;
  /** Day it was read, ISO. */
  readonly date: string;
  readonly confidence: 'high' | 'medium' | 'low';
}

export interface ServerVariable {
  readonly name: string;
  /** `always`: the start fails without; `first-start`: only with an empty data folder; `never`. */
  readonly required: 'always' | 'first-start' | 'never';
  /** Other variables, any of which lifts the requirement; `NAME=value` when only that value does. */
  readonly unless?: readonly string[];
  /** `NAME_FILE` is read too. */
  readonly file?: true;
  readonly secret?: true;
  /** Value used when unset, where it is a fixed one. */
  readonly fallback?: string;
  /** Read only while the data folder is empty: later changes have no effect. */
  readonly firstStartOnly?: true;
  readonly note?: string;
}

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** What one server image needs and does, for the tag asked for. */
export interface Server {
  readonly name: string;
  readonly variables: readonly ServerVariable[];
  /** Folders whose scripts the entrypoint runs: a script mounted there may read any variable. */
  readonly initScripts: readonly string[];
  /** True: `variables` names all that the entrypoint itself reads (init scripts and a command of one's own may read more), so another name has no effect. A prefix such as `KC_` counts as read. */
  readonly variablesComplete: boolean;
  /** Regular expressions of variable names that the server reads as settings (`^GF_`). */
  readonly variablePatterns: readonly string[];
  /** As whom a container starts and as whom the server then runs; they differ where the entrypoint drops privileges. */
  readonly startsAs: ServerUser;
  readonly runsAs: ServerUser;
  /** `user:` may name another uid without further set-up. */
  readonly anyUser: 'yes' | 'group-0' | 'owner-of-data' | 'no';
  /** Capabilities the entrypoint needs with `cap_drop: ALL` when it starts as `startsAs` (first start with an empty volume included). */
  readonly capabilities: readonly string[];
  /** Capabilities needed with `user:` set to `runsAs` and data owned by it. */
  readonly capabilitiesAsUser: readonly string[];
  /** Folders whose content must outlive the container. */
  readonly data: readonly { readonly path: string; readonly note?: string }[];
  /** Where people often mount a volume that the server does not use, with why. */
  readonly wrongData: readonly { readonly path: string; readonly why: string }[];
  /** Anonymous volumes the image declares. */
  readonly declaredVolumes: readonly string[];
  /** Folders that must be writable (tmpfs) with a read-only root, besides `data`. */
  readonly scratch: readonly string[];
  readonly ports: readonly { readonly port: number; readonly protocol: 'tcp' | 'udp'; readonly what: string }[];
  /** Commands in the image that can serve a health check. */
  readonly tools: readonly string[];
  readonly missingTools: readonly string[];
  /** A health command that works in the image (CMD-SHELL text), where one does. */
  readonly health?: string;
  readonly defaultCredentials?: { readonly user: string; readonly password: string; readonly note?: string };
  /** True: without configuration anyone who reaches the port is let in. */
  readonly openByDefault: boolean;
  readonly stopSignal: string;
  /** Seconds a clean stop may take under load; above 10 wants `stop_grace_period`. */
  readonly stopSeconds?: number;
  readonly notes: readonly string[];
  readonly origin: Origin;
  /** `proven`: containers were seen to do so. `read`: it stands in the source that `origin` names. `recollected`: neither. */
  readonly sureness: Sureness;
}

export type Sureness = 'proven' | 'read' | 'recollected';

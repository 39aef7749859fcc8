import type { BuildReport } from './build-log.ts';
import type { Outcome } from './outcome.ts';

/** What every call takes: a time limit in seconds and a signal that ends it (Ctrl-C). */
export interface Call {
  readonly seconds?: number;
  readonly signal?: AbortSignal;
  /** Variables for this call only; the caller's own environment is not handed on, but for what the client needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Text for standard input. */
  readonly input?: string;
  /** Folder to run in. */
  readonly cwd?: string;
}

export interface BuildRequest {
  /** Absolute path of the build context, or a URL. */
  readonly context: string;
  /** Absolute path of the Dockerfile; its `.dockerignore` sibling counts as in the real build. */
  readonly dockerfile: string;
  readonly tag: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** `id=x,src=…` or `id=x,env=…` */
  readonly secrets?: readonly string[];
  readonly contexts?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly noCache?: boolean;
}

export interface BuildOutcome extends Outcome {
  readonly report: BuildReport;
  /** Image id (`sha256:…`) when the build succeeded. */
  readonly image?: string;
  /** Base images that were resolved: name and digest. */
  readonly materials: readonly { readonly name: string; readonly digest: string }[];
}

/** One entry of a layer. */
export interface LayerEntry {
  /** Without leading `./` or `/`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly link?: string;
  /** sha256 of a file's content, when asked for. */
  readonly digest?: string;
}

export interface Layer {
  readonly diffId: string;
  /** Bytes of the files in it. */
  readonly bytes: number;
  /** Bytes after gzip (level 6, what registries store), when asked for. */
  readonly compressed?: number;
  readonly entries: readonly LayerEntry[];
  /** What `read` returned for its files. */
  readonly said: readonly string[];
}

export interface LayersRequest {
  readonly image: string;
  readonly compress?: boolean;
  /** Called with the content of files up to 256 KB; what it returns is collected. One engine reads each layer once, so the
   * same function must be given every time. */
  readonly read?: (path: string, content: Uint8Array) => readonly string[];
}

export interface LayersOutcome extends Outcome {
  /** From the base upwards; empty when the call failed. */
  readonly layers: readonly Layer[];
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP exchange from the host. `argv` is the curl command that does the same. */
export interface HttpOutcome extends Outcome {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What this machine's engine is. */
export interface EngineFacts {
  readonly answers: boolean;
  /** Why it does not answer, and what to do. */
  readonly fault?: string;
  readonly name: string;
  readonly version: string;
  readonly api: string;
  /** Versions of the plugins; absent when not installed. */
  readonly buildx?: string;
  readonly compose?: string;
  /** `linux/amd64` */
  readonly platform: string;
  /** `overlay2`, `overlayfs`, … */
  readonly storage: string;
  /** The containerd image store: attestations, OCI output, several platforms. */
  readonly containerdStore: boolean;
  readonly cgroup: string;
  readonly rootless: boolean;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly operatingSystem: string;
  /** True when this process can open connections to a container's own address: a local Linux engine with root. */
  readonly bridgeReachable: boolean;
}

/** A container engine as `measure` and `prove` see it. */
export interface Engine {
  readonly name: string;
  facts(call?: Call): Promise<EngineFacts>;
  /** Runs `docker ARGS…`: run, exec, inspect, compose, logs, cp, … */
  command(args: readonly string[], call?: Call): Promise<Outcome>;
  build(request: BuildRequest, call?: Call): Promise<BuildOutcome>;
  layers(request: LayersRequest, call?: Call): Promise<LayersOutcome>;
  request(request: HttpRequest, call?: Call): Promise<HttpOutcome>;
  /** Ends a container's main process as a crash would (SIGKILL from outside), so that its restart policy applies:
   * `docker kill` counts as a wish of the user and switches the policy off. */
  crash(container: string, call?: Call): Promise<Outcome>;
  /** Saves what is in a folder of a container as a tar file. */
  copyOut(container: string, path: string, file: string, call?: Call): Promise<Outcome>;
  /** Unpacks such a tar file into a folder of a container, with owners. The folder may be a volume of a read-only container. */
  copyIn(file: string, container: string, path: string, call?: Call): Promise<Outcome>;
}

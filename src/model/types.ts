import type { ComposeModel, ComposeService } from '../compose/model.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { Fact, Reason } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { Server, ServerVariable } from '../servers/server.ts';
import type { BuildContext } from '../simulate/context/build-context.ts';
import type { ImageState, RunUser } from '../simulate/state.ts';
import type { Step, Trace } from '../simulate/trace.ts';
import type { ProcessSource } from '../source/source.ts';
import type { Edit } from '../text/edit.ts';
import type { Place } from '../text/place.ts';
import type { Page } from './page.ts';
import type { StackPurpose } from './stack-purpose.ts';
import type { StartText } from './start-text.ts';
import type { WebServer } from './web-server.ts';

/** A thing that can be broken: `built:TARGET`, `starts:SERVICE`, `healthy:SERVICE`, `reachable:SERVICE`, `kept:VOLUME`. */
export type NodeId = `${'built' | 'starts' | 'healthy' | 'reachable' | 'kept'}:${string}`;

/** One thing that is really built: Dockerfile, context, ignore file, stage and arguments together. */
export interface BuildTarget {
  /** Stable: `backend/Dockerfile` or `backend/Dockerfile#stage (context .)`. */
  readonly id: string;
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  readonly contextDir: string;
  readonly stage?: string;
  readonly args: ReadonlyMap<string, Fact<string>>;
  readonly usedBy: readonly Reason[];
  /** Nothing in the repository builds it. */
  readonly orphan: boolean;
  readonly trace: Trace;
  /** The name of its stage or file says that it is for development. */
  readonly development: boolean;
  /** The stage asked for is not in the file. */
  readonly stageMissing: boolean;
  /** Where the stage is asked for: the key `target` of compose, a command of a workflow. */
  readonly stageAsked?: Extract<Reason, { readonly at: Place }>;
  /** Nothing says which folder is the context: what is absent in the one that was taken may lie in the one that is meant. */
  readonly contextGuessed: boolean;
  /** Known when the context is a folder of the repository; unknown for Git and URL contexts. */
  readonly sent: Fact<null>;
  /** Base images from outside, with the end of their product's life when it has passed (null: not passed). */
  readonly bases: readonly TargetBase[];
  /** Files with secrets that a COPY of a stage in the image brings in. */
  readonly copiedSecrets: Fact<readonly CopiedSecret[]>;
  /** Names of the development dependencies that an install would bring; known undefined: there are none. */
  developmentDependencies(
    step: Step,
    language: 'node' | 'python' | 'other',
  ): Fact<{ readonly names: readonly string[]; readonly at: Place } | undefined>;
  /** The FROM line of the stage that is built. */
  readonly at: Place;
  readonly repo: Repo;
}

export interface TargetBase {
  readonly name: string;
  readonly at: Place;
  readonly ended: Fact<{
    readonly product: string;
    readonly cycle: string;
    readonly date: string;
    readonly newest: string;
  } | null>;
}

export interface CopiedSecret {
  /** Repository path. */
  readonly file: string;
  /** The line that is secret. */
  readonly at: Place;
  /** What it is, masked: `a value for STRIPE_KEY`. */
  readonly what: string;
  readonly copiedAt: Place;
  readonly instruction: string;
  /** Keeps it out of the context. */
  readonly edits: readonly Edit[];
}

/** What runs as the first process of a container. */
export interface Process {
  /** The words as far as they are known; a shell-form command is `/bin/sh -c TEXT`. */
  readonly argv: readonly string[];
  readonly form: 'exec' | 'shell';
  /** The command inside, where the shell only runs one: `uvicorn app:app` for `/bin/sh -c "uvicorn app:app"`. */
  readonly command: readonly string[];
  /** The command that a shell as process 1 stays the parent of, so that it never gets SIGTERM. Known undefined: there is none. */
  readonly waits: Fact<string | undefined>;
  readonly at: Place;
}

/** A health check as it is in force: of the compose file, or else of the image. */
export interface Probe {
  readonly at: Place;
  readonly form: 'exec' | 'shell';
  readonly argv: readonly string[];
  /** The commands it runs that must exist in the image, in order, with whether a later one is tried when it is missing. */
  readonly tools: readonly { readonly name: string; readonly required: boolean }[];
  /** The HTTP request it makes, when it makes one that can be read. */
  readonly request?: { readonly method: string; readonly host: string; readonly port: number; readonly path: string };
  readonly origin: 'image' | 'compose';
}

export interface EnvValue {
  readonly value: Fact<string>;
  readonly at: Place | undefined;
  readonly origin: 'image' | 'compose' | 'env_file';
}

export interface Service {
  /** `STACK/NAME`. */
  readonly id: string;
  readonly name: string;
  readonly stack: Stack;
  readonly at: Place;
  readonly compose: ComposeService;
  readonly target?: BuildTarget;
  /** The reference in `image:`, or the target that is built. */
  readonly imageName: Fact<string>;
  readonly image: Fact<ImageState>;
  readonly process: Fact<Process>;
  readonly env: ReadonlyMap<string, EnvValue>;
  readonly probe: Fact<Probe | null>;
  readonly user: Fact<RunUser>;
  /** The source folder whose code runs in it, when that can be told. */
  readonly application: Fact<ProcessSource>;
  /** The product of its image when that is ended; known null: it is not, or it is built here. */
  readonly ended: TargetBase['ended'];
  /** Known server software, by image name. */
  readonly server?: Server;
  /** Variables without which that server stops, as far as nothing sets them. */
  readonly missingVariables: readonly ServerVariable[];
  /** Names that are set and that the server certainly does not read itself. */
  readonly unreadVariables: ReadonlySet<string>;
  /** The server whose image this is, or that it is built from with the base's own entrypoint kept. */
  readonly foundation: Server | undefined;
  /** What shells read when it starts. */
  readonly startTexts: Fact<readonly StartText[]>;
  /** It starts as root only to become the user of the server it is built from, as the base's own entrypoint does. */
  readonly dropsRoot: boolean;
  /** The page it hands out, when its build context holds one. */
  readonly page: Page | undefined;
  /** The nginx configuration in force, for services that run nginx. */
  readonly webServer: Fact<WebServer>;
  /** Ports on which its processes listen, with where that is said. */
  readonly listens: Fact<readonly ListeningPort[]>;
  /** Known (and empty) when nothing but the image's own entrypoint runs before the process; unknown when a script of the repository does. */
  readonly startScripts: Fact<null>;
  readonly nodes: { readonly starts: NodeId; readonly healthy: NodeId; readonly reachable: NodeId };
}

export interface ListeningPort {
  readonly port: number;
  readonly at?: Place;
  /** `nginx listens on 80`. */
  readonly text: string;
  readonly host?: string;
}

/** One combination of compose files that is really used. */
export interface Stack {
  /** The files joined by ` + `. */
  readonly id: string;
  readonly files: readonly string[];
  readonly because: readonly Reason[];
  /** Its name says that it is for production. */
  readonly production: boolean;
  /** Its name says that it is for development. */
  readonly development: boolean;
  /** What it is for, by all that the repository says: names, settings, documents. */
  readonly purpose: StackPurpose;
  readonly model: ComposeModel;
  readonly services: readonly Service[];
  /** Env files that the stack reads and that hold secrets. */
  readonly secretFiles: readonly StackSecret[];
  readonly repo: Repo;
}

export interface StackSecret {
  /** Repository path. */
  readonly path: string;
  /** The line that is secret. */
  readonly at: Place;
  readonly usedAt: Place;
  /** Masked. */
  readonly why: string;
  /** Whether git has it. */
  readonly tracked: Fact<boolean>;
}

export interface RepositoryNode {
  readonly repo: Repo;
  readonly targets: readonly BuildTarget[];
  readonly stacks: readonly Stack[];
  /** Files that could not be read as what they are: each is a finding, never the end of a run. */
  readonly problems: readonly { readonly at: Place; readonly text: string; readonly remedy?: string }[];
}

/** `to` fails when `from` does, and this is what the user sees. */
export interface Dependency {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly at: Place;
  readonly text: string;
}

export interface Model {
  readonly repository: RepositoryNode;
  readonly targets: readonly BuildTarget[];
  readonly stacks: readonly Stack[];
  readonly dependencies: readonly Dependency[];
}

import type { Fact } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';

/** What the argument vector of a process starts. */
export interface Launch {
  /** The program that decides: `uvicorn`, `gunicorn`, `celery`, `python`, `flask`, `fastapi`, `django`, `node`, `next`, `vite`, `nginx` … */
  readonly program: string;
  readonly language: 'python' | 'node' | 'other';
  /** Wrappers that were stepped through, outermost first (`tini`, `poetry run`, `npm run start`, `opentelemetry-instrument`). */
  readonly through: readonly { readonly text: string; readonly at?: Place }[];
  /** The vector after wrappers and package.json scripts. */
  readonly argv: readonly string[];
  /** What it loads first: exists or not. Undefined: the program loads nothing of the repository (or it is not modelled). */
  readonly entry?: EntryPoint;
  /** Where it listens: one per socket. Unknown where it cannot be told; a known empty list means it listens nowhere (a worker). */
  readonly listen: Fact<readonly Listen[]>;
  /** `development`: a dev server, reload or debug mode. */
  readonly mode: Fact<'production' | 'development'>;
  /** Worker processes, where the command says so. */
  readonly workers?: Fact<number>;
  /** `web`, `worker` (celery, rq, arq …), `scheduler` (beat), `migration`, `task` (runs once), `unknown`. */
  readonly role: 'web' | 'worker' | 'scheduler' | 'migration' | 'task' | 'unknown';
  /** Commands of a shell line that run before this one (`alembic upgrade head && uvicorn …`). */
  readonly before?: readonly Launch[];
  /** Celery: queues asked for with -Q; empty: the default. */
  readonly queues?: readonly string[];
  /** Why parts could not be read; never empty when something above is unknown. */
  readonly notes: readonly string[];
}

export interface EntryPoint {
  /** As written: `app.main:app`, `server.js`, `manage.py`. */
  readonly written: string;
  readonly kind: 'module' | 'file' | 'script';
  /** Path in the tree that was looked at, when the module or file was found. */
  readonly file?: string;
  /** Attribute of the module: `app`; a called factory has `factory`. */
  readonly attribute?: string;
  readonly factory?: boolean;
  /** Found, with what; a known `missing` says what exactly and what is there instead. */
  readonly status: Fact<EntryStatus>;
}

export type EntryStatus =
  | { readonly found: true; readonly at: Place }
  | {
      readonly found: false;
      readonly missing: 'module' | 'attribute' | 'file' | 'script' | 'entry-point';
      readonly text: string;
      /** Names that exist: attributes of the module, modules beside it, scripts of package.json. */
      readonly near: readonly string[];
    };

export interface Listen {
  /** `0.0.0.0`, `127.0.0.1`, `::`, a name; a unix socket has its path here and port 0. */
  readonly host: Fact<string>;
  readonly port: Fact<number>;
  /** Environment variable the port comes from. */
  readonly portVariable?: string;
  readonly protocol: 'http' | 'https' | 'tcp' | 'unix';
  readonly at?: Place;
}

/** The host of a process that listens on the address behind the name of its container, which the engine puts into HOSTNAME: others reach it, the
 * container itself does not under localhost. */
export const OWN_NAME = '$HOSTNAME';

/** Whether others than the same network namespace can connect. */
export function reachesOutside(host: string): boolean {
  return !/^(127(\.\d+){3}|localhost|::1|\[::1\]|0:0:0:0:0:0:0:1)$/i.test(host);
}

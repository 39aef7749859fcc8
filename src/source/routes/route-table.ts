import type { Fact, Reason } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { PathSyntax } from './pattern.ts';

export type RouteKind = 'http' | 'websocket' | 'static' | 'documentation' | 'metrics' | 'page';

/** One route as the framework would register it, prefixes of all routers applied. */
export interface Route {
  /** Upper case, or `*` for any. */
  readonly method: string;
  /** In the framework's own words, with all prefixes: `/users/{id}`, `/users/:id`, `/<path:p>`. */
  readonly path: string;
  readonly kind: RouteKind;
  readonly at: Place;
  /** Name of the function or class that answers. */
  readonly handler?: string;
  /** Why it may not be registered or not match as written (`inside an if`); such a route excuses, it never accuses. */
  readonly doubtful?: string;
  /** Mount and prefix statements on the way from the application to the route, outermost first. */
  readonly via: readonly Reason[];
}

/** What a request meets. */
export type Answer =
  | {
      readonly served: true;
      readonly route: Route /** The framework first redirects (307, 308, 301) to the path with or without slash. */;
      readonly redirect?: string;
    }
  | {
      readonly served: false;
      /** Same path, other method: the answer is 405. */
      readonly otherMethods: readonly Route[];
      /** Routes people may have meant, nearest first, at most three. */
      readonly nearest: readonly Route[];
    };

/** All that one application object serves. */
export interface RouteTable extends RouteData {
  /** Whether a request is routed somewhere. `path` without query; HEAD counts as GET where the framework does so.
   * Unknown when a doubtful or unseen route could answer. A known `served: false` carries why in `because`. */
  serves(method: string, path: string): Fact<Answer>;
}

/** What a route table is made of. */
export interface RouteData {
  readonly framework: string;
  /** Where the application object is made. */
  readonly at: Place;
  readonly routes: readonly Route[];
  /** Why routes may exist that were not found; where it is bounded, below which prefix. Empty: the table is complete. */
  readonly open: readonly { readonly prefix: string; readonly why: string; readonly because: readonly Reason[] }[];
  /** Middleware and prefixes that a reverse proxy is expected to strip (`root_path`). */
  readonly rootPath?: string;
  readonly syntax: PathSyntax;
  /** What happens to a missing or surplus slash at the end: redirected both ways, only added, ignored, or not found. */
  readonly slash: 'redirect' | 'append' | 'ignore' | 'strict';
  readonly ignoreCase: boolean;
  /** HEAD is answered where GET is. */
  readonly head: boolean;
}

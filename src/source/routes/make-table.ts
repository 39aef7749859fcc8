import { known, type Reason, unknown } from '../../facts/fact.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { Answer, Route, RouteData, RouteTable } from './route-table.ts';

const METHODS_OF_ANY = '*';

/** Builds the lookup over the routes of one application. */
export function makeTable(draft: RouteData): RouteTable {
  const patterns = new Map<Route, Pattern>();
  const patternOf = (route: Route): Pattern => {
    const found =
      patterns.get(route) ??
      compilePattern(route.path, draft.syntax, { ignoreCase: draft.ignoreCase, looseSlash: draft.slash === 'ignore' });
    patterns.set(route, found);
    return found;
  };
  const table: RouteTable = {
    ...draft,
    serves(method, asked) {
      const path = cleanPath(asked);
      const matching = draft.routes.filter(
        (route) => route.kind !== 'websocket' && patternOf(route).expression.test(path),
      );
      const fits = matching.filter((route) => methodFits(route.method, method.toUpperCase(), draft.head));
      const certain = fits.find((route) => route.doubtful === undefined && patternOf(route).exact);
      if (certain) return known<Answer>({ served: true, route: certain }, ...reasonsOf(certain));
      const doubtful = fits[0];
      if (doubtful)
        return unknown(
          `${doubtful.path} answers ${doubtful.doubtful ?? 'if its pattern matches'}`,
          ...reasonsOf(doubtful),
        );
      const open = draft.open.find((end) => below(path, end.prefix));
      if (open) return unknown(open.why, ...open.because);
      const other = withOtherSlash(path, draft.slash);
      if (other !== undefined && matching.length === 0) {
        const moved = draft.routes.find(
          (route) =>
            route.kind !== 'websocket' &&
            methodFits(route.method, method.toUpperCase(), draft.head) &&
            patternOf(route).expression.test(other),
        );
        if (moved && (moved.doubtful !== undefined || !patternOf(moved).exact))
          return unknown(`${moved.path} may answer after a redirect`, ...reasonsOf(moved));
        if (moved) return known<Answer>({ served: true, route: moved, redirect: other }, ...reasonsOf(moved));
      }
      const nearest = nearestRoutes(path, draft.routes);
      const first = nearest[0];
      const count = draft.routes.length;
      const because: Reason[] = [
        {
          kind: 'source',
          at: draft.at,
          text: `the ${draft.framework} application has ${count} route${count === 1 ? '' : 's'}, none is ${method.toUpperCase()} ${path}`,
        },
      ];
      if (first)
        because.push({
          kind: 'source',
          at: first.at,
          text: `it serves ${first.method === '*' ? '' : `${first.method} `}${first.path}`,
        });
      return known<Answer>({ served: false, otherMethods: matching, nearest }, ...because);
    },
  };
  return table;
}

function reasonsOf(route: Route): Reason[] {
  return [
    ...route.via,
    {
      kind: 'source',
      at: route.at,
      text: `serves ${route.method === METHODS_OF_ANY ? '' : `${route.method} `}${route.path}`,
    },
  ];
}

function methodFits(of: string, asked: string, head: boolean): boolean {
  return of === METHODS_OF_ANY || of === asked || (head && asked === 'HEAD' && of === 'GET');
}

/** Path of a URL: query, fragment and origin removed, never empty. */
export function cleanPath(asked: string): string {
  const path = asked.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path.startsWith('/') ? path : `/${path}`;
}

function below(path: string, prefix: string): boolean {
  const clean = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  // A prefix with parameters of its own is compared up to the first of them.
  const plain = /^[^{<:*]*/.exec(clean)?.[0] ?? '';
  return plain === clean ? clean === '' || path === clean || path.startsWith(`${clean}/`) : path.startsWith(plain);
}

function withOtherSlash(path: string, mode: RouteData['slash']): string | undefined {
  if (mode === 'strict' || mode === 'ignore' || path === '/') return undefined;
  if (!path.endsWith('/')) return `${path}/`;
  return mode === 'redirect' ? path.slice(0, -1) : undefined;
}

/** Routes that look like a path, nearest first: shared last segments count most. */
export function nearestRoutes(path: string, routes: readonly Route[]): Route[] {
  const words = (text: string) => text.split('/').filter((part) => part !== '');
  const asked = words(path);
  const scored = routes
    .filter((route) => route.kind !== 'websocket' && route.kind !== 'documentation')
    .map((route) => {
      const own = words(route.path);
      const shared = own.filter((part) => asked.includes(part)).length;
      const last = own.at(-1) !== undefined && own.at(-1) === asked.at(-1) ? 2 : 0;
      const health =
        /health|ready|live|ping|status/i.test(path) && /health|ready|live|ping|status/i.test(route.path) ? 2 : 0;
      return { route, score: shared + last + health - Math.abs(own.length - asked.length) / 10 };
    })
    .filter(({ score }) => score > 0.5);
  const sorted = scored.sort((a, b) => b.score - a.score);
  // Far behind the best means: not what was meant.
  return sorted
    .filter(({ score }) => score > (sorted[0]?.score ?? 0) - 1.5)
    .slice(0, 3)
    .map(({ route }) => route);
}

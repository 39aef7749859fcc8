import { type Fact, known, unknown } from '../facts/fact.ts';
import { type Ask, know } from '../facts/know.ts';
import type { Service } from '../model/types.ts';
import type { Route, RouteTable } from '../source/routes/route-table.ts';
import { routesFound } from './routes-found.ts';

/** Parameters, wildcards and regular expressions of any framework's paths. */
const OPEN = /[{}<>:*()[\]^$\\+?]/;

/** Whether an application may answer any path that begins so. Unknown: routes may exist that were not found. */
export function servesBelow(table: RouteTable, prefix: string): Fact<boolean> {
  const open = table.open.find((end) => related(plainPart(end.prefix), prefix));
  if (open !== undefined) return unknown(open.why, ...open.because);
  if (table.rootPath !== undefined) return unknown('the application knows of a prefix that a proxy takes away');
  if (table.routes.length === 0) return unknown('no route of the application was found');
  const fold = (text: string): string => (table.ignoreCase ? text.toLowerCase() : text);
  return known(table.routes.some((route) => mayBegin(route, fold(route.path), fold(prefix))));
}

function mayBegin(route: Route, path: string, prefix: string): boolean {
  if (route.kind === 'static' || route.kind === 'page') return related(path, prefix);
  if (prefix === '/' || prefix === '') return true;
  const own = parts(path);
  const asked = parts(prefix);
  for (const [index, part] of asked.entries()) {
    const mine = own[index];
    // A shorter route ends here; with a wildcard at its end it goes on.
    if (mine === undefined) return /\*|path:|\(|\\/.test(own.at(-1) ?? '');
    if (OPEN.test(mine)) {
      if (/\*|path:|\(|\\/.test(mine)) return true;
      continue;
    }
    const last = index === asked.length - 1 && !prefix.endsWith('/');
    if (last ? !mine.startsWith(part) : mine !== part) return false;
  }
  return true;
}

/** One of the two lies below the other. */
function related(a: string, b: string): boolean {
  const [x, y] = [a, b].map((path) => path.replace(/\/+$/, ''));
  return x === undefined || y === undefined || x.startsWith(y) || y.startsWith(x);
}

function plainPart(path: string): string {
  return path.slice(0, /[{<:*(]/.exec(path)?.index ?? path.length);
}

function parts(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

/** The routes of the application behind, where nothing else tells it of a prefix that a proxy takes away or adds. */
export function* routesBehind(other: Service): Generator<Ask, RouteTable, unknown> {
  const process = yield* know(other.process);
  const told = [...other.env.keys()].find((name) =>
    /ROOT_PATH|SCRIPT_NAME|BASE_PATH|CONTEXT_PATH|URL_PREFIX/.test(name),
  );
  if (told !== undefined) yield* know(unknown(`${told} may name a prefix of ${other.name}`));
  if (process.argv.some((word) => /root-path|prefix/.test(word)))
    yield* know(unknown(`the command of ${other.name} names a prefix`));
  const application = yield* know(other.application);
  return yield* know(routesFound(application));
}

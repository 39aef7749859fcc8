import { chainFact, type Fact, known, unknown } from '../facts/fact.ts';
import type { RouteTable } from '../source/routes/route-table.ts';
import type { ProcessSource } from '../source/source.ts';

/** The routes of an application, for whoever accuses it of not having one. An application without any is more likely one whose routes
 * were not recognised. */
export function routesFound(application: ProcessSource): Fact<RouteTable> {
  return chainFact(application.routes, (table) =>
    table.routes.some(({ kind }) => kind !== 'websocket' && kind !== 'documentation')
      ? known(table)
      : unknown(`no route of the ${table.framework} application was found`),
  );
}

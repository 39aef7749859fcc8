import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { addressesOf } from '../../addresses.ts';
import { type FirstConnection, migrationsThatEnd, tablesMadeAtStart } from '../../first-connection.ts';
import { claim, rule } from '../../rule.ts';

const DATABASES = new Set(['PostgreSQL', 'MySQL', 'MariaDB']);

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a service needs its database at once, does not wait for it and is not started again',
  why: 'A database that sets up its folder needs seconds before it lets anybody in. `depends_on` without a condition waits only until its container runs: the first connection is refused, the process ends, and without a restart policy it stays so.',
  remedy: 'Give the database a health check and let the service wait for it (`condition: service_healthy`).',
  // Who is faster depends on the machine.
  proof: 'none',
  *check(service) {
    const { compose, stack } = service;
    if (service.target === undefined && compose.command === undefined) return;
    if (stack.files.length === 0 || service.server !== undefined) return;
    const database = databaseOf(service);
    if (database === undefined || waitsForSomebody(service)) return;
    if ((yield* restarted(service)) || compose.profiles.length > 0) return;
    yield* know(service.startTexts);
    yield* each(yield* connectionsAtStart(service), function* ({ what, at }) {
      const waiting = compose.dependsOn.find((d) => d.service === database.name);
      yield claim({
        breaks: service.nodes.starts,
        at: waiting?.at ?? service.at,
        title: `${service.name} ends when ${database.name} (${database.server?.name ?? ''}) is not ready yet: nothing waits for it or starts ${service.name} again`,
        subject: `${service.name} ${database.name}`,
        because: [
          { kind: 'source', at, text: `${what} connects as soon as it starts, and once` },
          {
            kind: 'compose',
            at: waiting?.at ?? service.at,
            text: `${service.name} starts as soon as ${database.name} runs, ready or not, and has no restart policy`,
          },
        ],
      });
    });
  },
});

/** The one SQL database of the stack that the service is told of. */
function databaseOf(service: Service): Service | undefined {
  const found = service.stack.services.filter((s) => DATABASES.has(s.server?.name ?? ''));
  const [database, ...more] = found;
  if (database === undefined || more.length > 0) return undefined;
  if ([...service.env.values()].some((v) => v.value.known && /^sqlite/.test(v.value.value))) return undefined;
  const told =
    service.compose.dependsOn.some((d) => d.service === database.name) ||
    addressesOf(service).some((a) => a.host === database.name);
  // A folder of the host may be filled already, and the server is ready at once.
  return told ? database : undefined;
}

function waitsForSomebody({ compose }: Service): boolean {
  return compose.dependsOn.some((d) => !d.condition.known || d.condition.value !== 'service_started');
}

function* restarted({ compose }: Service): Generator<Ask, boolean, unknown> {
  if (compose.deploy?.restartCondition !== undefined || compose.deploy?.restartMaxAttempts !== undefined) return true;
  if (compose.restart === undefined) return false;
  return (yield* know(compose.restart.fact)) !== 'no';
}

function* connectionsAtStart(service: Service): Generator<Ask, readonly FirstConnection[], unknown> {
  const [migration] = migrationsThatEnd(service);
  if (migration !== undefined) return [migration];
  if (service.target === undefined || !service.application.known) return [];
  const { routes, launch } = service.application.value;
  if (launch.language !== 'python' || !routes.known) return [];
  const made = tablesMadeAtStart(service, routes.value.at.file);
  return made === undefined ? [] : [made];
}

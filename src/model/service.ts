import type { ComposeService } from '../compose/model.ts';
import { chainFact, type Fact, known, mapFact, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { Server } from '../servers/server.ts';
import { missingVariables, readsVariable, serverOf } from '../servers/server-of.ts';
import { baseFor } from '../simulate/base.ts';
import type { Command, ImageState } from '../simulate/state.ts';
import { applicationOf } from './application.ts';
import { environmentGap, environmentOf, processOf, userOf } from './effective.ts';
import { endedOf } from './ended.ts';
import { isKafka, kafkaListens } from './kafka-listeners.ts';
import { lazy } from './lazy.ts';
import { pageIn } from './page.ts';
import { probeOf } from './probe.ts';
import { startTexts } from './start-text.ts';
import type { BuildTarget, ListeningPort, Service, Stack } from './types.ts';
import { webServerOf } from './web-server.ts';

export interface ServiceInput {
  readonly compose: ComposeService;
  readonly stack: Stack;
  readonly target: BuildTarget | undefined;
  readonly repo: Repo;
  /** ISO date for ends of life. */
  readonly today: string;
}

/** A service with everything that follows from its image, its compose entry and its code, computed when asked for. */
export function serviceOf({ compose, stack, target, repo, today }: ServiceInput): Service {
  const id = `${stack.id}/${compose.name}`;
  const image = lazy((): Fact<ImageState> => imageOf(compose, target));
  const env = lazy(() => environmentOf(image(), compose));
  const process = lazy(() => processOf(image(), compose, env()));
  const probe = lazy(() => probeOf(image(), compose, env()));
  const user = lazy(() => userOf(image(), compose));
  const application = lazy(() => {
    const gap = environmentGap(image(), compose);
    const open = gap ?? (stack.files.length === 0 ? 'whoever runs the image may set it' : undefined);
    return applicationOf(image(), compose, repo, process(), env(), gap, open, target);
  });
  const webServer = lazy(() => webServerOf(image(), compose, repo));
  const listens = lazy(() => listensOf(service));
  const started = lazy(() => startTexts(service));
  const page = lazy(() =>
    target === undefined || target.context.kind === 'remote' ? undefined : pageIn(repo, target.contextDir),
  );
  const reference =
    compose.image?.fact.known === true && compose.build === undefined ? compose.image.fact.value : undefined;
  const server = reference === undefined ? undefined : serverOf(reference);
  const service: Service = {
    id,
    name: compose.name,
    stack,
    at: compose.at,
    compose,
    imageName:
      compose.image?.fact ??
      (target === undefined ? unknown(`${compose.name} has neither image nor build`) : known(target.id)),
    nodes: { starts: `starts:${id}`, healthy: `healthy:${id}`, reachable: `reachable:${id}` },
    ...(target === undefined ? {} : { target }),
    ...(server === undefined ? {} : { server }),
    get image() {
      return image();
    },
    get env() {
      return env();
    },
    get process() {
      return process();
    },
    get probe() {
      return probe();
    },
    get user() {
      return user();
    },
    get application() {
      return application();
    },
    get webServer() {
      return webServer();
    },
    get listens() {
      return listens();
    },
    get foundation() {
      return server ?? foundationOf(image(), compose, target);
    },
    get startTexts() {
      return started();
    },
    get dropsRoot() {
      const base = target === undefined ? undefined : foundationOf(image(), compose, target);
      return base !== undefined && base.runsAs.uid !== 0;
    },
    get page() {
      return page();
    },
    get missingVariables(): Service['missingVariables'] {
      if (server === undefined) return [];
      return missingVariables(server, (name) => {
        const value = env().get(name)?.value;
        return value === undefined ? undefined : value.known ? value.value : null;
      });
    },
    get unreadVariables(): Service['unreadVariables'] {
      if (server === undefined) return new Set();
      return new Set([...env().keys()].filter((name) => readsVariable(server, name) === 'no'));
    },
    get ended(): Service['ended'] {
      if (target !== undefined || compose.build !== undefined || compose.image === undefined) return known(null);
      return chainFact(compose.image.fact, (name) => endedOf(name, today));
    },
    get startScripts(): Fact<null> {
      const script = chainFact(started(), (texts) => known(texts.find(({ file }) => file !== undefined)?.file));
      if (!script.known) return script;
      if (script.value !== undefined) return unknown(`${script.value} may change files at start`);
      return startScriptsOf(image(), compose);
    },
  };
  return service;
}

function imageOf(compose: ComposeService, target: BuildTarget | undefined): Fact<ImageState> {
  if (target !== undefined) return known(target.trace.final);
  if (compose.build !== undefined) return unknown(`what ${compose.name} is built from is not known`);
  if (compose.image === undefined) return unknown(`${compose.name} has neither image nor build`);
  return chainFact(compose.image.fact, (reference): Fact<ImageState> => known(baseFor(reference)));
}

/** Where the service's processes listen: nginx by its configuration, programs by command line and code, servers by their table. */
function listensOf(service: Service): Service['listens'] {
  if (isKafka(service)) return kafkaListens(service);
  if (service.server !== undefined && !service.server.name.startsWith('nginx'))
    return unknown(`the settings of ${service.server.name} are not read`);
  return chainFact(service.process, (process): Service['listens'] => {
    if (process.command[0] === 'nginx') {
      return mapFact(service.webServer, (web) =>
        web.servers.flatMap((s) =>
          s.listens.map(
            (l): ListeningPort => ({
              port: l.port,
              text: `nginx listens on ${l.port}`,
              ...(l.at.file === '' ? {} : { at: l.at }),
              ...(l.address === undefined ? {} : { host: l.address }),
            }),
          ),
        ),
      );
    }
    return chainFact(service.application, (application) => {
      const { launch } = application;
      return chainFact(launch.listen, (sockets): Service['listens'] => {
        const ports: ListeningPort[] = [];
        for (const socket of sockets) {
          if (!socket.port.known) return socket.port;
          const host = socket.host.known ? socket.host.value : undefined;
          ports.push({
            port: socket.port.value,
            at: socket.at ?? process.at,
            text: `${launch.program} listens on ${socket.port.value}`,
            ...(host === undefined ? {} : { host }),
          });
        }
        return known(ports, { kind: 'line', at: process.at, text: `it runs ${process.argv.join(' ')}` });
      });
    });
  });
}

/** Scripts of the repository that run before the process may change files and variables. */
function startScriptsOf(image: Fact<ImageState>, compose: ComposeService): Fact<null> {
  if (compose.entrypoint !== undefined) return unknown('the entrypoint of compose is not read');
  return chainFact(image, (state) =>
    chainFact(state.entrypoint, (entrypoint): Fact<null> => {
      if (entrypoint?.at !== undefined && !isPlainStart(entrypoint))
        return unknown('the entrypoint of the repository may change files at start');
      const listed = state.tree.list('/docker-entrypoint.d');
      const own = listed.known
        ? listed.value.names.filter((name) => {
            const found = state.tree.lookup(`/docker-entrypoint.d/${name}`);
            return found.known && found.value.entry?.origin.kind === 'line';
          })
        : [];
      return own.length > 0 ? unknown(`${own.join(', ')} runs at start and may change files`) : known(null);
    }),
  );
}

/** An entrypoint that starts the program itself, as a CMD would. */
function isPlainStart({ form, argv }: Command): boolean {
  const words = argv.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const [first = ''] = /^(tini|dumb-init)$/.test(words[0] ?? '')
    ? words.slice(1).filter((w) => !w.startsWith('-'))
    : words;
  return (
    form === 'exec' &&
    /^(npm|npx|yarn|pnpm|bun|node|python3?|gunicorn|uvicorn|fastapi|flask|streamlit|java|nginx|httpd|caddy)$|^$/.test(
      first,
    )
  );
}

/** Built from a server whose own entrypoint is kept. */
function foundationOf(
  image: Fact<ImageState>,
  compose: ComposeService,
  target: BuildTarget | undefined,
): Server | undefined {
  if (target === undefined || compose.entrypoint !== undefined || !image.known) return undefined;
  const { entrypoint } = image.value;
  if (!entrypoint.known || entrypoint.value === null || entrypoint.value.at !== undefined) return undefined;
  const own = compose.command?.fact ?? (image.value.cmd.known ? known(image.value.cmd.value?.argv ?? []) : unknown(''));
  // Its entrypoint does its work for its own program only.
  const kept = compose.command === undefined && image.value.cmd.known && image.value.cmd.value?.at === undefined;
  const same =
    own.known &&
    /^(-|(\S*\/)?(postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|nginx)$)/.test(own.value[0] ?? '');
  return kept || same ? serverOf(target.trace.target.baseName) : undefined;
}

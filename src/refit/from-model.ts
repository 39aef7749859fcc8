import { isLoopback } from '../model/health-request.ts';
import type { BuildTarget, Model, Service, Stack } from '../model/types.ts';
import { LineIndex } from '../text/line-index.ts';
import type { Place } from '../text/place.ts';
import { holdsSource } from './compose/resets.ts';
import type { ImageInput, MountInput, RefitInput, ServiceInput, StackInput, Upstream } from './input.ts';

/** What the writers need, from the joined model. What is not known is left out, never guessed. */
export function refitInput(model: Model, today: string): RefitInput {
  const live = model.targets.filter((t) => !t.orphan && t.context.kind === 'directory' && !t.development);
  const services = model.stacks.flatMap((s) => s.services);
  const seen = new Set<string>();
  return {
    repo: model.repository.repo,
    today,
    images: live.flatMap((target) => {
      // Two targets of one file (another stage, another context) cannot both be written into it.
      if (seen.has(target.dockerfile.file)) return [];
      seen.add(target.dockerfile.file);
      return [
        imageInput(
          target,
          services.filter((s) => s.target?.id === target.id),
        ),
      ];
    }),
    stacks: model.stacks.filter((s) => s.files.length > 0).map(stackInput),
  };
}

function imageInput(target: BuildTarget, services: readonly Service[]): ImageInput {
  const [port] = services.flatMap((s) => (s.listens.known ? s.listens.value : []));
  const health = services.map(healthPath).find((path) => path !== undefined);
  const upstream = services.map(upstreamOf).find((u) => u !== undefined);
  const { base } = target.trace.target;
  const ids = base.users.known ? base.users.value.map((u) => u.uid) : undefined;
  const context = target.context.dir;
  return {
    dockerfile: target.dockerfile,
    contextDir: context,
    ignoreFile: target.context.ignore?.file ?? (context === '' ? '.dockerignore' : `${context}/.dockerignore`),
    ...(target.stage === undefined ? {} : { stage: target.stage }),
    ...(port === undefined ? {} : { port: port.port }),
    ...(health === undefined ? {} : { healthPath: health }),
    ...(services.some((s) => s.compose.healthcheck !== undefined) ? { checkedByCompose: true } : {}),
    dataDirs: [...new Set(services.flatMap(dataFolders))].sort(),
    hostFolders: [...new Set(services.flatMap((service) => hostFolders(service, context)))].sort(),
    ...(ids === undefined ? {} : { takenIds: ids }),
    ...(upstream === undefined ? {} : { upstream }),
  };
}

/** The path that the service's own check asks for, when it is served; else a health route that the code has. */
function healthPath(service: Service): string | undefined {
  if (!service.application.known || !service.application.value.routes.known) return undefined;
  const table = service.application.value.routes.value;
  const asked = service.probe.known ? service.probe.value?.request : undefined;
  if (asked !== undefined && isLoopback(asked.host)) {
    const answer = table.serves('GET', asked.path);
    if (answer.known && answer.value.served) return asked.path;
  }
  const routes = table.routes.filter(
    (r) => (r.method === 'GET' || r.method === '*') && r.doubtful === undefined && !/[{:<*]/.test(r.path),
  );
  const wanted = [
    '/health',
    '/healthz',
    '/api/health',
    '/health/live',
    '/livez',
    '/ready',
    '/readyz',
    '/ping',
    '/status',
    '/up',
    '/api/healthz',
  ];
  return (
    wanted.find((path) => routes.some((r) => r.path === path)) ??
    routes.find((r) => /health|ping|ready|live/.test(r.path))?.path
  );
}

function dataFolders(service: Service): readonly string[] {
  return service.compose.volumes.flatMap((m) =>
    m.type.known && m.type.value === 'volume' && !m.readOnly && m.target.fact.known ? [m.target.fact.value] : [],
  );
}

/** Folders of the host that are written to; those that put the source over the image are for development. */
function hostFolders(service: Service, context: string): readonly string[] {
  return service.compose.volumes.flatMap((m) =>
    m.type.known &&
    m.type.value === 'bind' &&
    !m.readOnly &&
    m.source?.fact.known === true &&
    !/\.\w+$/.test(m.source.fact.value.written) &&
    !holdsSource(service.stack.repo, m.source.fact.value.written, [context])
      ? [m.source.fact.value.written]
      : [],
  );
}

/** The API that a page talks to on its own origin: the prefix its code has, the one service that can answer. */
function upstreamOf(service: Service): Upstream | undefined {
  const { page, stack } = service;
  if (page === undefined) return undefined;
  const prefix = prefixIn(service);
  const apis = stack.services.filter(
    (s) =>
      s !== service &&
      s.target !== undefined &&
      s.page === undefined &&
      s.application.known &&
      s.application.value.launch.role === 'web' &&
      s.listens.known &&
      s.listens.value.length > 0,
  );
  const waited = apis.filter((s) => service.compose.dependsOn.some((d) => d.service === s.name));
  const [api, second] = waited.length > 0 ? waited : apis;
  if (prefix === undefined || api === undefined || second !== undefined || !api.application.known || !api.listens.known)
    return undefined;
  const { routes } = api.application.value;
  if (!routes.known) return undefined;
  const knows = routes.value.routes.some((r) => r.path === prefix || r.path.startsWith(`${prefix}/`));
  return { prefix, strip: !knows, url: `http://${api.name}:${api.listens.value[0]?.port}` };
}

/** `/api` as the page's code writes it: a path of its own origin in front of its calls. */
function prefixIn(service: Service): string | undefined {
  const root = service.page?.root ?? '';
  const { repo } = service.stack;
  for (const file of repo.files()) {
    if (
      (root !== '' && !file.startsWith(`${root}/`)) ||
      !/\/(src|app|lib)\/.*\.(jsx?|tsx?|vue|svelte|mjs)$/.test(`/${file}`)
    )
      continue;
    const match = /['"`](\/api(?:\/v\d+)?)(?:['"`/]|\$\{)/.exec(repo.text(file) ?? '');
    if (match?.[1] !== undefined) return match[1];
  }
  return undefined;
}

function stackInput(stack: Stack): StackInput {
  return { files: stack.files, production: stack.production, services: stack.services.map(serviceInput) };
}

function serviceInput(service: Service): ServiceInput {
  const { compose, stack } = service;
  const textAt = (at: Place): string => {
    const text = stack.repo.text(at.file) ?? '';
    const lines = new LineIndex(text);
    return text
      .slice(lines.offsetOfLine(at.line) + at.column - 1, lines.offsetOfLine(at.endLine) + at.endColumn - 1)
      .trim();
  };
  return {
    name: service.name,
    ...(service.target === undefined ? {} : { dockerfile: service.target.dockerfile.file }),
    mounts: compose.volumes.flatMap((mount): MountInput[] => {
      if (!mount.type.known || !mount.target.fact.known || !['volume', 'bind', 'tmpfs'].includes(mount.type.value))
        return [];
      const source = mount.source?.fact.known === true ? mount.source.fact.value.written : '';
      return [
        {
          type: mount.type.value as MountInput['type'],
          source,
          target: mount.target.fact.value,
          readOnly: mount.readOnly,
          written: textAt(mount.at),
          file: mount.at.file,
        },
      ];
    }),
    published: compose.ports.flatMap((p) =>
      p.target.known && p.published.known ? [{ host: p.published.value, container: p.target.value }] : [],
    ),
    environment: [...compose.environment.entries.values()].flatMap((e) =>
      e.from === 'environment' ? [{ name: e.name, file: e.at.file, value: textAt(e.at) }] : [],
    ),
    networks: compose.networks.map((n) => n.name),
    dependsOn: compose.dependsOn.map((d) => d.service),
  };
}

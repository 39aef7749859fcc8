import { type Reason, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Place } from '../../../text/place.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { type Check, claim, rule } from '../../rule.ts';

/** Servers that were seen to stop when these folders cannot be written. */
const STOPS: ReadonlyMap<string, RegExp> = new Map([
  ['nginx', /^\/var\/(cache\/nginx|run)$/],
  ['PostgreSQL', /^\/var\/run\/postgresql$/],
]);

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a read-only root without the folders that the process must write',
  why: 'With `read_only: true` only mounts can be written. The process cannot make its lock, pid, cache or temporary files and stops: "Read-only file system".',
  remedy: 'Mount a tmpfs at these folders.',
  proof: 'engine',
  *check(service) {
    const { compose } = service;
    if (compose.readOnly === undefined) return;
    const readOnly = yield* know(compose.readOnly.fact);
    if (!readOnly) return;
    yield* each([ofServer, ofGunicorn, ofCode], (path) => path(service, compose.readOnly?.at ?? service.at));
  },
});

/** Folders of the server whose image this is, or that it is built from. */
function* ofServer(service: Service, at: Place): Check {
  const { foundation: server, compose } = service;
  const stops = server === undefined ? undefined : STOPS.get(server.name);
  if (server === undefined || stops === undefined) return;
  const targets = mountTargets(service);
  const missing = server.scratch.filter((path) => stops.test(path) && !mounted(targets, path));
  if (missing.length === 0) return;
  if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
  const told =
    compose.command !== undefined ||
    compose.entrypoint !== undefined ||
    targets.some((t) => t?.startsWith('/etc/') === true);
  if (told || ownSettings(service)) yield* know(unknown(`settings of ${service.name} may say where it writes`));
  const text = `${server.name} writes ${missing.join(', ')}`;
  yield claim(
    said(service, at, `(${server.name}) cannot write ${missing.join(', ')}`, {
      kind: 'server-table',
      ref: server.origin.source,
      text,
    }),
  );
}

/** Whether the Dockerfile may change the main file of settings of nginx, which may name other folders. */
function ownSettings({ target, foundation }: Service): boolean {
  if (target === undefined) return false;
  return (
    foundation?.name !== 'nginx' ||
    /nginx\.conf|\/etc\/nginx\/?(["'\s\]]|$)|^\s*RUN\b.*nginx/m.test(target.dockerfile.text)
  );
}

/** gunicorn makes a file for each worker in the temporary folder: Python finds none on a read-only root. */
function* ofGunicorn(service: Service, at: Place): Check {
  if (service.target === undefined) return;
  const process = yield* know(service.process);
  if (!process.command.some((word) => /(^|\/)gunicorn$/.test(word))) return;
  const application = yield* know(service.application);
  const { cwd, tree } = application.context;
  const targets = mountTargets(service);
  if (['/tmp', '/var/tmp', '/usr/tmp', cwd].some((path) => mounted(targets, path))) return;
  if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
  const words = [
    ...process.command,
    ...[...service.env].flatMap(([name, { value }]) =>
      /TMP|TEMP|GUNICORN/.test(name) ? [name, value.known ? value.value : name] : [],
    ),
  ];
  if (words.some((word) => /worker-tmp-dir|^TMPDIR$|^TE?MP$/.test(word))) return;
  if (
    words.some((word) => /^(-c|--config)(=|$)|^GUNICORN/.test(word)) ||
    tree.look(`${cwd}/gunicorn.conf.py`) !== 'absent'
  )
    yield* know(unknown('settings of gunicorn may name a folder'));
  const text = 'gunicorn keeps a file for each worker in the temporary folder';
  yield claim(
    said(service, at, 'finds no temporary folder for the workers of gunicorn', { kind: 'line', at: process.at, text }),
  );
}

/** Files that the code writes while it is loaded. */
function* ofCode(service: Service, at: Place): Check {
  if (service.target === undefined) return;
  const application = yield* know(service.application);
  const targets = mountTargets(service);
  yield* each(application.startWrites, function* (write) {
    const written = yield* know(write.path);
    const path = written.startsWith('/') ? written : `${application.context.cwd}/${written}`;
    if (/^\/(dev|proc|sys)\//.test(path) || mounted(targets, path)) return;
    if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
    // A folder that is there is not made; a file that is there may only be read (SQLite).
    const found = yield* know((yield* know(service.image)).tree.lookup(path));
    if (found.presence !== 'absent') return;
    const reason: Reason =
      write.at === undefined
        ? { kind: 'line', at: (yield* know(service.process)).at, text: write.text }
        : { kind: 'source', at: write.at, text: `${path}: ${write.text}` };
    yield claim(said(service, at, `cannot write ${path}`, reason));
  });
}

function mounted(targets: readonly (string | undefined)[], path: string): boolean {
  return targets.some((t) => t !== undefined && isWithin(path, t));
}

function said(service: Service, at: Place, what: string, reason: Reason) {
  return {
    breaks: service.nodes.starts,
    at,
    title: `${service.name} ${what}`,
    subject: `read_only ${what}`,
    because: [{ kind: 'compose' as const, at, text: 'the root file system is read-only' }, reason],
  };
}

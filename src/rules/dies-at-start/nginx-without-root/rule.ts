import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { FileTree, RunUser } from '../../../simulate/state.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'nginx runs as a user who may not write its folders',
  why: 'The official image starts as root: its cache (/var/cache/nginx) and its pid file (/run) are for root only. With another user nginx stops: "mkdir() … failed (13: Permission denied)".',
  remedy: 'Use nginxinc/nginx-unprivileged, or give /var/cache/nginx and /run/nginx.pid to the user before USER.',
  proof: 'engine',
  *check(service) {
    if (service.foundation?.name !== 'nginx') return;
    const user = yield* know(service.user);
    if (user.uid === 0) return;
    const process = yield* know(service.process);
    if (process.command[0] !== 'nginx' && !process.argv.includes('nginx')) return;
    const image = yield* know(service.image);
    if (user.uid === undefined) yield* know(unknown(`which id ${user.written} has is not known`));
    const { tree } = image;
    const targets = mountTargets(service);
    if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
    yield* know(ownMain(tree, process.argv, targets));
    const closed = WRITTEN.find(
      (path) => !targets.some((target) => isWithin(path, target ?? '/')) && closedTo(tree, path, user),
    );
    if (closed === undefined) return;
    const stage = service.target?.dockerfile.stages[service.target.trace.target.index];
    const line = stage?.instructions.findLast((i) => i.keyword === 'USER');
    const at = service.compose.user?.at ?? line?.place ?? service.at;
    yield claim({
      breaks: service.nodes.starts,
      at,
      title: `nginx of ${service.name} runs as ${user.written} and may not write to ${closed}`,
      subject: closed,
      because: [{ kind: 'line', at, text: `the user is ${user.written}; ${closed} of the image is for root` }],
    });
  },
});

/** What nginx makes with the image's own nginx.conf: temporary folders, and its pid file. */
const WRITTEN = ['/var/cache/nginx', '/run/nginx.pid'];

/** Unknown where another nginx.conf, or the command line, may name other folders. */
function ownMain(tree: FileTree, argv: readonly string[], targets: readonly (string | undefined)[]): Fact<null> {
  const told = argv.some((word) => /\bpid\b|_temp_path|^-[cp]$/.test(word));
  if (told || targets.some((target) => isWithin('/etc/nginx/nginx.conf', target ?? '/')))
    return unknown('other settings of nginx may say where it writes');
  const main = tree.lookup('/etc/nginx/nginx.conf');
  if (!main.known) return main;
  const changed = main.value.entry?.origin.kind !== 'base-image' || main.value.presence !== 'present';
  return changed
    ? unknown('nginx.conf is not the one of the image: it may say where nginx writes', ...main.because)
    : known(null);
}

/** Root's, as the base has it, and nothing may have given it away since. */
function closedTo(tree: FileTree, path: string, user: RunUser): boolean {
  const own = tree.lookup(path);
  if (own.known && own.value.presence === 'present') return refuses(own.value.attributes, user);
  // The pid file is made in /run, which is root's in every image; one that a line may have made excuses.
  const fromBase = !own.known && own.because.every(({ kind }) => kind === 'base-image');
  const folder = tree.lookup(path.slice(0, path.lastIndexOf('/')));
  const absent = own.known && own.value.presence === 'absent';
  return (absent || fromBase) && folder.known && refuses(folder.value.attributes, user);
}

function refuses({ mode, uid }: { readonly mode?: number; readonly uid?: number }, user: RunUser): boolean {
  return mode !== undefined && uid !== undefined && (mode & (uid === user.uid ? 0o200 : 0o022)) === 0;
}

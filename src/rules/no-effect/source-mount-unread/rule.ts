import { unknown } from '../../../facts/fact.ts';
import { type Ask, each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { inContext, takersOf } from '../../context-takers.ts';
import { claim, rule } from '../../rule.ts';
import { literally } from '../../speaks-of.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'the source is mounted beside the folder that the process runs in',
  why: 'The process runs the copy that the build put into the image. What is edited on the host lies at a path that nothing reads: no reload, no change, until the image is built again.',
  remedy:
    'Mount the folder where the image has it (with a volume of its own over `node_modules`), or take the mount away.',
  proof: 'none',
  *check(service) {
    const { target, compose, stack } = service;
    if (target === undefined || service.foundation !== undefined) return;
    yield* each(compose.volumes, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value : undefined;
      if (source?.path === undefined || !mount.type.known || mount.type.value !== 'bind') return;
      if (source.path !== '' && stack.repo.entry(source.path)?.type !== 'directory') return;
      const folder = (yield* know(mount.target.fact)).replace(/(.)\/+$/, '$1');
      const workdir = yield* know(compose.workingDir?.fact ?? (yield* know(service.image)).workdir);
      const apart = (path: string) => !isWithin(path, folder) && !isWithin(folder, path);
      if (workdir === '/' || !apart(workdir) || !(yield* isItsSource(service, source.path))) return;
      const copied = yield* copyOf(service, source.path);
      if (copied === undefined || !apart(copied.to) || (!isWithin(workdir, copied.to) && !isWithin(copied.to, workdir)))
        return;
      // Another mount brings the edits.
      if (mountTargets(service).some((t) => t === undefined || isWithin(copied.to, t))) return;
      if (yield* isNamed(service, folder)) return;
      yield claim({
        at: mount.at,
        title: `${source.written} is mounted at ${folder}, but ${service.name} runs the copy in ${copied.to}: no edit arrives`,
        subject: `${service.name} ${folder}`,
        because: [
          { kind: 'compose', at: mount.at, text: `${source.written} is mounted at ${folder}` },
          { kind: 'line', at: copied.at, text: `${copied.text} puts it into ${copied.to}` },
        ],
      });
    });
  },
});

/** The folder holds the code that the process runs; data and settings may be read from anywhere. */
function* isItsSource({ application, target, stack }: Service, path: string): Generator<Ask, boolean, unknown> {
  const { launch } = yield* know(application);
  if (launch.language === 'other' && !/^(?:nodemon|pm2|pm2-runtime|tsx|bun)$/.test(launch.program)) return false;
  const { entry } = launch;
  if (entry?.status.known === true && entry.status.value.found)
    return path === '' || isWithin(entry.status.value.at.file, path);
  const manifests = ['package.json', 'pyproject.toml', 'requirements.txt'];
  return (
    target?.contextDir === path &&
    manifests.some((name) => stack.repo.entry(path === '' ? name : `${path}/${name}`) !== undefined)
  );
}

/** Where the image has the folder. */
function* copyOf({ target }: Service, path: string) {
  if (target === undefined) return undefined;
  // COPY brings what is in a folder, not the folder: an entry below it tells where.
  const inside = path === target.contextDir ? '' : inContext(target.context, path);
  if (inside === undefined) return undefined;
  const takers = yield* know(takersOf(target, inside === '' ? '.plimsoll' : `${inside}/.plimsoll`));
  const taker = takers.filter(({ stage }) => stage === target.trace.target).at(-1);
  if (taker?.to === undefined || taker.to.includes('$')) return undefined;
  const to = taker.to.replace(/\/?\.plimsoll$/, '') || '/';
  return { to, at: taker.instruction.place, text: taker.instruction.original.trim() };
}

/** Whether the command, a variable or the Dockerfile names the path. Where other files do, it is not known. */
function* isNamed(service: Service, folder: string): Generator<Ask, boolean, unknown> {
  const { target, env, stack } = service;
  const name = new RegExp(`(?<![\\w.-])${literally(folder)}(?![\\w.-])`);
  const { argv } = yield* know(service.process);
  const texts = yield* know(service.startTexts);
  const said = [
    ...argv,
    ...texts.map(({ text }) => text),
    ...(target?.dockerfile.instructions.map((i) => i.original) ?? []),
  ];
  for (const { value, origin } of env.values()) if (origin !== 'image' && value.known) said.push(value.value);
  if (said.some((text) => name.test(text))) return true;
  const { repo } = stack;
  const not = new Set([...stack.model.loaded, target?.dockerfile.file]);
  const file = repo
    .files()
    .find(
      (f) =>
        !not.has(f) &&
        /\.(?:[cm]?[jt]sx?|json|py|toml|ini|cfg|conf|ya?ml|sh|env|md)$|(?:^|\/)(?:Makefile|\.env[\w.-]*)$/.test(f) &&
        !/lock|(?:docker-)?compose[\w.-]*\.ya?ml$/.test(f) &&
        (repo.entry(f)?.size ?? 0) < 200_000 &&
        name.test(repo.text(f) ?? ''),
    );
  if (file !== undefined) yield* know(unknown(`${file} names ${folder}`));
  return false;
}

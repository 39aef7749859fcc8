import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import { isWithin, mountTargets } from '../../container-path.ts';
import { claim, rule } from '../../rule.ts';

/** Folders that an install makes and that no repository has. */
const FOLDERS = ['node_modules', '.venv', 'venv'];

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a folder is mounted over the dependencies that the image holds',
  why: 'The mount hides everything that the image has at that path. A fresh checkout has no installed dependencies, so the process does not find its modules and ends.',
  remedy:
    'Mount only the folder with the source, or add an anonymous volume for the dependencies (`- /app/node_modules`).',
  proof: 'engine',
  *check(service) {
    const { repo } = service.stack;
    const binds = service.compose.volumes.filter(
      (m) => service.target !== undefined && m.type.known && m.type.value === 'bind',
    );
    yield* each(binds, function* (mount) {
      const source = mount.source?.fact.known === true ? mount.source.fact.value : undefined;
      if (source?.path === undefined || (source.path !== '' && repo.entry(source.path)?.type !== 'directory')) return;
      const folder = (yield* know(mount.target.fact)).replace(/(.)\/+$/, '$1');
      const image = yield* know(service.image);
      for (const name of FOLDERS) {
        const path = `${folder === '/' ? '' : folder}/${name}`;
        const found = image.tree.lookup(path);
        if (!found.known || found.value.presence !== 'present') continue;
        if (repo.entry(source.path === '' ? name : `${source.path}/${name}`) !== undefined) continue;
        const targets = mountTargets(service);
        if (targets.some((t) => t !== undefined && t !== folder && isWithin(path, t) && isWithin(t, folder))) continue;
        if (targets.includes(undefined)) yield* know(unknown('where a volume is mounted is not known'));
        const need = yield* know(needs(service, path, name));
        if (need === undefined) continue;
        const host = installedOnHost(repo, name);
        if (host !== undefined) yield* know(unknown(`${host} may install on the host first`));
        yield claim({
          breaks: service.nodes.starts,
          at: mount.at,
          title: `${source.written} hides ${path}, without which ${service.name} cannot run ${need}`,
          subject: path,
          because: [
            {
              kind: 'compose',
              at: mount.at,
              text: `${source.written} is mounted at ${folder}; the checkout has no ${name}`,
            },
            ...(found.value.entry === undefined ? [] : [found.value.entry.origin]),
          ],
        });
      }
    });
  },
});

/** What runs from the folder. Known undefined: nothing certainly does. */
function needs(service: Service, path: string, name: string): Fact<string | undefined> {
  const { process, application, startTexts } = service;
  if (!process.known) return process;
  if (!startTexts.known) return startTexts;
  if (
    startTexts.value.some(({ text }) =>
      /\b(npm|pnpm|yarn|bun|pip|uv|poetry|corepack)\b(?!\s+(run|start|exec|dev))/.test(text),
    )
  )
    return unknown('the start installs something');
  const [first = ''] = process.value.command;
  if (name !== 'node_modules') return known(first.startsWith(`${path}/`) ? first : undefined);
  if (!application.known) return application;
  const { launch } = application.value;
  if (launch.language !== 'node') return known(undefined);
  const text = application.value.context.tree.text(`${path.slice(0, -name.length)}package.json`);
  const needed = /"(?:dependencies|devDependencies)"\s*:\s*\{\s*"/.test(text ?? '');
  const tool = launch.argv[0] ?? '';
  // A plain `node file.js` may do without; a program of a package cannot.
  return known(
    needed && !/^(node|npm|pnpm|yarn|bun|sh)$/.test(tool) && launch.argv.length > 0
      ? tool
      : importsPackages(service)
        ? tool
        : undefined,
  );
}

/** Whether the file that runs asks for a package by name. */
function importsPackages({ application }: Service): boolean {
  const file = application.known ? application.value.launch.entry?.file : undefined;
  const text = file === undefined || !application.known ? '' : (application.value.context.tree.text(file) ?? '');
  const asked = [...text.matchAll(/(?:\bfrom\s+|\brequire\(\s*|^import\s+)["']([a-z@][^"'.:]*)["']/gm)].map(
    (m) => m[1] ?? '',
  );
  return asked.some((name) => !BUILT_IN.test(name));
}

const BUILT_IN =
  /^(node:|assert|buffer|child_process|cluster|console|crypto|dgram|dns|events|fs|http|http2|https|module|net|os|path|perf_hooks|process|querystring|readline|stream|string_decoder|timers|tls|tty|url|util|v8|vm|worker_threads|zlib)(\/|$)/;

/** A text for people or a script that says to install outside the container. */
function installedOnHost(repo: Repo, name: string): string | undefined {
  const says =
    name === 'node_modules'
      ? /\b(npm (ci|install|i)\b|yarn( install)?\s*$|pnpm (i|install)\b|bun install)/m
      : /venv|uv sync|poetry install|pip install/;
  return repo
    .files()
    .filter(
      (file) =>
        /\.(md|rst|txt|sh|adoc)$|(^|\/)(Makefile|justfile|Taskfile[^/]*)$/i.test(file) &&
        !/requirements|node_modules|CHANGELOG/i.test(file),
    )
    .find((file) => says.test(repo.text(file) ?? ''));
}

import { type Part, part } from '../../plan/plan.ts';
import type { Repo } from '../../repo/repo.ts';
import { applyEdits, type Edit } from '../../text/edit.ts';
import { ComposeText } from '../compose/compose-text.ts';
import { nodeProject } from '../dockerfile/node-project.ts';
import { pageConf, pageDockerfile } from '../dockerfile/page.ts';
import { type Left, likeBefore } from '../dockerfile/pieces.ts';
import type { ImageInput, RefitInput } from '../input.ts';
import { securityHeaders, startScript } from '../nginx/files.ts';
import { editPageServer } from '../nginx/page-server.ts';
import { bundledVariables, runTimeConfig } from './run-time-config.ts';

const SKELETON = 'server {\n    listen 8080;\n    server_name _;\n    root /usr/share/nginx/html;\n}\n';

/** The page as one change: Dockerfile, nginx, headers, and settings at run time hang on one another. No part: all is done. */
export function pagePart(input: RefitInput, image: ImageInput): { readonly part?: Part; readonly port: number } | Left {
  const { repo } = input;
  const { file, text } = image.dockerfile;
  const path = (name: string): string =>
    image.contextDir === '' ? name : `${image.contextDir}/${name.replace(/^\.\//, '')}`;
  const found = pageConf(input.repo, image);
  if (typeof found === 'object' && 'ok' in found) return found;
  const isNew = found === 'none';
  const conf: { source: string; destination: string; folder?: string } = isNew
    ? { source: 'nginx.conf', destination: '/etc/nginx/conf.d/default.conf' }
    : found;
  const existing = repo.text(path(conf.source));
  if (isNew && existing !== undefined)
    return { ok: false, why: `${path(conf.source)} is there, but nothing copies it into the image` };
  if (!isNew && existing === undefined)
    return { ok: false, why: `its nginx configuration ${path(conf.source)} is not in the repository` };

  const names = composeVariables(input, image, bundledVariables(repo, image.contextDir));
  const config = runTimeConfig(repo, image.contextDir, new Set(names));
  const settings = typeof config === 'string' ? { variables: [], edits: [], newFiles: [] } : config;
  const variables = settings.variables.length > 0 ? settings.variables : typeof config === 'string' ? [] : names;
  const hashed = hashedDirOf(repo, image.contextDir);
  const page = editPageServer({
    file: path(conf.source),
    text: existing ?? SKELETON,
    whole: /\/nginx\.conf$/.test(conf.destination),
    ...hashed,
    configScript: variables.length > 0,
    ...(image.upstream === undefined ? {} : { upstream: image.upstream }),
  });
  if (typeof page === 'string') return { ok: false, why: `${path(conf.source)}: ${page}` };
  const needsScript = variables.length > 0 || image.upstream !== undefined;
  const headers = beside(conf.folder ?? conf.source, 'security-headers.conf');
  const script = needsScript ? beside(conf.folder ?? conf.source, 'settings.sh') : undefined;
  const written = pageDockerfile(input, image, { conf: { ...conf, isNew }, headers, script, port: page.port });
  if (!written.ok) return written;

  const writes = new Map<string, string>();
  if (written.text !== text.replaceAll('\r\n', '\n')) writes.set(file, likeBefore(written.text, text));
  // Written as a whole, so that it takes the place of smaller repairs of the same file.
  const server = applyEdits(existing ?? SKELETON, page.edits);
  if (server !== existing) writes.set(path(conf.source), server);
  if (repo.entry(path(headers)) === undefined) writes.set(path(headers), securityHeaders(page.headers));
  if (script !== undefined && repo.entry(path(script)) === undefined)
    writes.set(path(script), startScript(image.upstream, variables));
  for (const item of settings.newFiles) writes.set(item.file, item.text);
  const edits = [...settings.edits, ...sameOrigin(input, image, settings.variables)];
  if (writes.size === 0 && edits.length === 0) return { port: page.port };
  return {
    port: page.port,
    part: part({
      id: `page:${file}`,
      title: `${file}: serve the page without root, with its API, headers and settings`,
      why: [
        'nginx runs as a user, answers the paths of the page, sends the same security headers everywhere and hands calls of the API on, so that there is one origin.',
        ...(variables.length > 0
          ? [
              `${variables.join(', ')} now reaches the page when the container starts (/config.js), not when it was built.`,
            ]
          : []),
        ...(typeof config === 'string' && names.length > 0
          ? [`${names.join(', ')} still does not reach the page: ${config}.`]
          : []),
        ...written.notes,
      ].join(' '),
      tier: 'unproven',
      mustMeasure: measuresOf(input, image, written.text, hashed.hashedDir !== undefined),
      rules: [
        'root-user',
        'base-ended',
        'base-unpinned',
        'source-before-dependencies',
        'id-taken',
        'lockfile-ignored',
        'deep-link-unserved',
        'security-headers-dropped',
        'published-port-unserved',
        'bundle-variable-unseen',
        'dependency-never-healthy',
      ],
      edits,
      writes: [...writes].map(([name, content]) => ({ file: name, text: content })),
    }),
  };
}

/** What can be measured of it: a door only where a stack publishes one, an API only where it hands calls on. */
function measuresOf(input: RefitInput, image: ImageInput, dockerfile: string, hashed: boolean): readonly string[] {
  const published = input.stacks.some((stack) =>
    stack.services.some((service) => service.dockerfile === image.dockerfile.file && service.published.length > 0),
  );
  return [
    'image.builds',
    'service.stop.code',
    'service.readOnlyRoot',
    /^HEALTHCHECK --/m.test(dockerfile) ? 'service.healthy' : 'service.starts',
    ...(published ? ['front.index', 'front.deepLink', ...(hashed ? ['front.asset'] : [])] : []),
    ...(published && image.upstream !== undefined ? ['front.api'] : []),
  ];
}

/** The folder below the root in which every name carries a hash of its content; none where the bundler is not known to do so, or
 * where files of the author lie in the same folder. */
function hashedDirOf(repo: Repo, dir: string): { readonly hashedDir?: string } {
  const path = (name: string): string => (dir === '' ? name : `${dir}/${name}`);
  const project = nodeProject(repo, dir);
  if (typeof project === 'string') return {};
  const uses = (name: string): boolean => project.dependencies.has(name) || project.devDependencies.has(name);
  const folder = uses('vite') ? 'assets' : uses('react-scripts') ? 'static' : undefined;
  if (folder === undefined || repo.files().some((file) => file.startsWith(path(`public/${folder}/`)))) return {};
  const renamed = ['ts', 'mts', 'js', 'mjs', 'cjs'].some((end) =>
    /assetsDir|FileNames|publicDir/.test(repo.text(path(`vite.config.${end}`)) ?? ''),
  );
  return renamed ? {} : { hashedDir: folder };
}

/** `conf/nginx.conf` → `conf/nginx-security-headers.conf`; beside a folder that nginx reads as a whole, not in it. */
function beside(source: string, name: string): string {
  const folder = source.includes('/') ? source.slice(0, source.lastIndexOf('/') + 1) : '';
  return `${folder}nginx-${name}`;
}

/** Variables of the bundle that some compose file sets on the container. */
function composeVariables(input: RefitInput, image: ImageInput, bundled: ReadonlySet<string>): readonly string[] {
  const names = new Set<string>();
  for (const stack of input.stacks)
    for (const service of stack.services)
      if (service.dockerfile === image.dockerfile.file)
        for (const { name } of service.environment) if (bundled.has(name)) names.add(name);
  return [...names].sort();
}

/** The address of the API on another port or host gives way to the path on the page's own origin; one that ends in that path
 * stays as its author wrote it. */
function sameOrigin(input: RefitInput, image: ImageInput, variables: readonly string[]): readonly Edit[] {
  const { upstream } = image;
  if (upstream === undefined) return [];
  const out = new Map<string, Edit>();
  for (const stack of input.stacks) {
    for (const service of stack.services.filter((item) => item.dockerfile === image.dockerfile.file)) {
      for (const variable of service.environment) {
        if (!variables.includes(variable.name) || variable.value.endsWith(upstream.prefix)) continue;
        if (!/^https?:\/\/(localhost|127\.0\.0\.1|[\w-]+)(:\d+)?\/?$/.test(variable.value)) continue;
        const file = new ComposeText(variable.file, input.repo.text(variable.file) ?? '');
        file.variable(service.name, variable.name)?.replace(upstream.prefix);
        for (const edit of file.edits) out.set(`${edit.file}:${edit.start}`, edit);
      }
    }
  }
  return [...out.values()];
}

import type { ComposeService } from '../compose/model.ts';
import { chainFact, type Fact, known, type Reason, unknown } from '../facts/fact.ts';
import { type NginxDirective, type NginxFile, named, parseNginx } from '../nginx/parse.ts';
import { type NginxServer, serversOf } from '../nginx/server.ts';
import type { Repo } from '../repo/repo.ts';
import type { ImageState } from '../simulate/state.ts';

/** The nginx configuration that a container really loads. */
export interface WebServer {
  readonly files: readonly NginxFile[];
  readonly servers: readonly NginxServer[];
  /** Directives of the http context outside servers (`add_header` there is inherited). */
  readonly http: readonly NginxDirective[];
  readonly because: readonly Reason[];
}

const CONF_D = '/etc/nginx/conf.d';
const MAIN = '/etc/nginx/nginx.conf';
const SETTINGS = '/etc/nginx';
const TEMPLATES = '/etc/nginx/templates';

/** Reads nginx.conf and conf.d as the official image loads them: mounts of compose first, then what the build wrote. Unknown as
 * soon as one part that may matter is: a script, a volume, a template with an unknown name. */
export function webServerOf(image: Fact<ImageState>, compose: ComposeService, repo: Repo): Fact<WebServer> {
  const mounts = mountedFiles(compose, repo);
  if (typeof mounts === 'string') return unknown(mounts);
  return chainFact(image, (state): Fact<WebServer> => {
    const files: NginxFile[] = [];
    const because: Reason[] = [];
    const lost = mounts.missing.find(({ target }) => MAIN === target || MAIN.startsWith(`${target}/`));
    if (lost !== undefined) return unknown(lost.why);
    const main = mounts.files.get(MAIN) ?? writtenFile(state, MAIN);
    if (main === 'unknown') return unknown('nginx.conf is changed in a way that is not modelled');
    const mainFile = main === undefined ? undefined : parseNginx(main.text, main.file);
    if (main !== undefined && mainFile !== undefined) {
      files.push(mainFile);
      because.push(main.reason);
    }
    const http = mainFile === undefined ? [] : named(mainFile.directives, 'http').flatMap((d) => d.block ?? []);
    const includes =
      mainFile === undefined || named(http, 'include').some((d) => d.args[0]?.text.startsWith(`${CONF_D}/`) === true);
    if (includes) {
      const folder = confFiles(state, mounts);
      if (typeof folder === 'string') return unknown(folder);
      for (const { text, file, reason } of folder) {
        files.push(parseNginx(text, file));
        because.push(reason);
      }
    }
    const others = otherIncludes(state, mounts, http);
    if (others !== undefined) return unknown(others);
    const included = mounts.missing.find(({ target }) =>
      files.some(({ text }) => text.includes(target.slice(SETTINGS.length))),
    );
    if (included !== undefined) return unknown(included.why);
    if (files.some((f) => f.problems.length > 0)) return unknown('a part of the nginx configuration could not be read');
    return known(
      {
        files,
        servers: files.flatMap(serversOf),
        http: [
          ...http,
          ...files.filter((f) => f !== mainFile).flatMap((f) => f.directives.filter((d) => d.name !== 'server')),
        ],
        because,
      },
      ...because,
    );
  });
}

interface ConfigText {
  readonly text: string;
  readonly file: string;
  readonly reason: Reason;
}

/** What compose mounts at or below /etc/nginx. */
interface Mounted {
  readonly files: ReadonlyMap<string, ConfigText>;
  /** Folders whose content hides that of the image. */
  readonly folders: ReadonlySet<string>;
  /** Mounts of which nobody knows what they bring. */
  readonly missing: readonly { readonly target: string; readonly why: string }[];
}

/** A sentence when not even the places can be told. */
function mountedFiles(compose: ComposeService, repo: Repo): Mounted | string {
  const found = new Map<string, ConfigText>();
  const folders = new Set<string>();
  const missing: { target: string; why: string }[] = [];
  for (const config of compose.configs)
    if (!config.target.known || config.target.value.startsWith('/etc/nginx'))
      return 'a config of compose is mounted into nginx';
  for (const mount of compose.volumes) {
    if (!mount.target.fact.known) return 'where a volume is mounted is not known';
    const target = mount.target.fact.value.replace(/\/+$/, '');
    if (target !== '/etc' && target !== '/etc/nginx' && !target.startsWith('/etc/nginx/')) continue;
    // Certificates and passwords are no settings.
    if (
      /^\/etc\/nginx\/(?:.*\/)?(?:ssl|certs?|certificates?|tls|private|keys|[\w.-]*htpasswd|[\w.-]+\.(?:pem|crt|key|cer))$/.test(
        target,
      )
    )
      continue;
    const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
    const entry = source === undefined ? undefined : repo.entry(source);
    if (source === undefined || entry === undefined) {
      missing.push({ target, why: `what is mounted at ${target} is not in the repository` });
      continue;
    }
    const add = (path: string, file: string): void => {
      const text = repo.text(file);
      if (text !== undefined)
        found.set(path, {
          text,
          file,
          reason: { kind: 'compose', at: mount.at, text: `${file} is mounted at ${path}` },
        });
    };
    if (entry.type === 'file') {
      add(target, source);
      continue;
    }
    folders.add(target);
    for (const child of repo.children(source))
      if (child.type === 'file') add(`${target}/${child.path.slice(source.length + 1)}`, child.path);
  }
  return { files: found, folders, missing };
}

const OTHER_PACKAGES = /^(?:apt|apt-get|apk|dnf|microdnf|yum) installs (?!.*(?<!certbot-)nginx)/;

/** A file that the build wrote with known text. `undefined`: the base's own is in place. */
function writtenFile(state: ImageState, path: string): ConfigText | undefined | 'unknown' {
  const found = state.tree.lookup(path);
  // Not known because of the base: its own. Because of a step: that one wrote it, or something that nobody knows.
  if (!found.known) return found.because.some((reason) => reason.kind !== 'base-image') ? 'unknown' : undefined;
  const { entry } = found.value;
  // Package managers never write over the files of another package.
  const installs = found.because.every(({ kind, text }) => kind === 'base-image' || OTHER_PACKAGES.test(text));
  if (found.value.presence === 'assumed' && entry?.origin.kind === 'base-image' && installs) return undefined;
  if (found.value.presence === 'assumed') return 'unknown';
  if (found.value.presence === 'absent') return undefined;
  if (entry === undefined) return found.because.some((reason) => reason.kind !== 'base-image') ? 'unknown' : undefined;
  if (entry.origin.kind === 'base-image') return undefined;
  const text = entry.content?.();
  const file = entry.source ?? ('at' in entry.origin ? entry.origin.at.file : undefined);
  return text === undefined || file === undefined ? 'unknown' : { text, file, reason: entry.origin };
}

/** What nginx includes from conf.d: written or mounted files, templates by the entrypoint, and the base's default.conf unless replaced. */
function confFiles(state: ImageState, mounts: Mounted): readonly ConfigText[] | string {
  const lost = mounts.missing.find(({ target }) =>
    [CONF_D, TEMPLATES].some((folder) => folder === target || target.startsWith(`${folder}/`)),
  );
  if (lost !== undefined) return lost.why;
  const files = new Map<string, ConfigText>();
  for (const folder of [CONF_D, TEMPLATES]) {
    const suffix = folder === CONF_D ? '.conf' : '.conf.template';
    const listed = mounts.folders.has(folder) ? undefined : state.tree.list(folder);
    for (const name of listed?.known === true ? listed.value.names : []) {
      if (!name.endsWith(suffix)) continue;
      const written = writtenFile(state, `${folder}/${name}`);
      if (written === 'unknown') return `${folder}/${name} is written in a way that is not modelled`;
      if (written !== undefined) files.set(name.slice(0, name.length - suffix.length), written);
    }
    for (const [path, mounted] of mounts.files) {
      if (path.startsWith(`${folder}/`) && path.endsWith(suffix))
        files.set(path.slice(folder.length + 1, -suffix.length), mounted);
    }
  }
  if (!files.has('default') && !mounts.folders.has(CONF_D)) {
    const own = state.tree.lookup(`${CONF_D}/default.conf`);
    if (writtenFile(state, `${CONF_D}/default.conf`) === 'unknown') return 'default.conf may be written by a step';
    const removed = own.known && own.value.presence === 'absent';
    const port = state.ports.some((p) => p.port === 8080) && !state.ports.some((p) => p.port === 80) ? 8080 : 80;
    if (!removed && state.ports.length > 0)
      files.set('default', {
        text: DEFAULT_SERVER.replace('80;', `${port};`),
        file: '',
        reason: { kind: 'server-table', ref: 'nginx', text: `the image's own default.conf listens on ${port}` },
      });
  }
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/** Why an include of the http context, other than that of conf.d, may bring servers that are not read here. */
function otherIncludes(state: ImageState, mounts: Mounted, http: readonly NginxDirective[]): string | undefined {
  for (const { args } of named(http, 'include')) {
    const written = args[0]?.text ?? '';
    const path = written.startsWith('/') ? written : `${SETTINGS}/${written}`;
    if (path.startsWith(`${CONF_D}/`) || /\/(?:mime\.types|\w+_params)$/.test(path)) continue;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const listed = state.tree.list(folder);
    const names = listed.known ? listed.value.names : [];
    const paths = [...mounts.files.keys(), ...(mounts.folders.has(folder) ? [] : names.map((n) => `${folder}/${n}`))];
    for (const one of paths.filter((p) => matches(path, p))) {
      const found = mounts.files.get(one) ?? writtenFile(state, one);
      if (found === 'unknown') return `what nginx includes by ${written} is not known`;
      if (found !== undefined && /\b(?:server|include)\b/.test(found.text))
        return `${found.file} may bring servers of its own`;
    }
  }
  return undefined;
}

/** Whether the pattern of an include names this path: `*` stands for what is in one folder. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(path);
}

/** What matters of the official image's default.conf. */
const DEFAULT_SERVER = `server {
    listen 80;
    server_name localhost;
    location / { root /usr/share/nginx/html; index index.html index.htm; }
}
`;

import type { ComposeService } from '../compose/model.ts';
import type { Repo } from '../repo/repo.ts';
import type { ImageState } from '../simulate/state.ts';
import { type Look, normalPath, type SourceTree } from '../source/source-tree.ts';

/** A folder or file of the repository that compose mounts into the container. */
interface BindMount {
  readonly target: string;
  readonly source: string;
}

/** The file system of a container as application code finds it: bind mounts of the repository over the simulated image. */
export function containerTree(state: ImageState, compose: ComposeService, repo: Repo): SourceTree {
  const mounts = bindMounts(compose, repo);
  const opaque = opaqueMounts(compose, mounts);
  const mounted = (path: string): string | undefined => {
    const best = mounts.filter((m) => within(path, m.target)).sort((a, b) => b.target.length - a.target.length)[0];
    if (best === undefined || opaque.some((o) => within(path, o) && o.length > best.target.length)) return undefined;
    const rest = path.slice(best.target === '/' ? 1 : best.target.length + 1);
    return rest === '' ? best.source : best.source === '' ? rest : `${best.source}/${rest}`;
  };
  const look = (path: string): Look => {
    const clean = normalPath(path.startsWith('/') ? path : `/${path}`);
    const file = mounted(clean);
    if (file !== undefined) {
      const entry = repo.entry(file);
      // A file of variables that git leaves out lies in the folder of whoever runs it.
      return entry === undefined
        ? /(?:^|\/)\.env[^/]*$/.test(file) && repo.gitIgnored(file) === true
          ? 'unknown'
          : 'absent'
        : entry.type === 'file'
          ? 'file'
          : entry.type === 'directory'
            ? 'directory'
            : 'unknown';
    }
    if (opaque.some((o) => within(clean, o))) return 'unknown';
    const found = state.tree.lookup(clean);
    if (!found.known || found.value.presence === 'assumed') return 'unknown';
    if (found.value.presence === 'absent') return mounts.some((m) => within(m.target, clean)) ? 'directory' : 'absent';
    const type = found.value.entry?.type;
    return type === 'file' ? 'file' : type === 'directory' ? 'directory' : 'unknown';
  };
  return {
    look,
    text(path) {
      const clean = normalPath(path.startsWith('/') ? path : `/${path}`);
      const file = mounted(clean);
      if (file !== undefined) return repo.text(file);
      const found = state.tree.lookup(clean);
      const entry = found.known ? found.value.entry : undefined;
      return entry?.content?.() ?? (entry?.source === undefined ? undefined : repo.text(entry.source));
    },
    names(path) {
      const clean = normalPath(path.startsWith('/') ? path : `/${path}`);
      const folder = mounted(clean);
      if (folder !== undefined) return repo.children(folder).map((e) => e.path.slice(e.path.lastIndexOf('/') + 1));
      const listed = state.tree.list(clean);
      return listed.known ? listed.value.names : [];
    },
    origin(path) {
      const clean = normalPath(path.startsWith('/') ? path : `/${path}`);
      const file = mounted(clean);
      if (file !== undefined) return file;
      const found = state.tree.lookup(clean);
      return (found.known ? found.value.entry?.source : undefined) ?? clean;
    },
  };
}

function bindMounts(compose: ComposeService, repo: Repo): readonly BindMount[] {
  return compose.volumes.flatMap((mount) => {
    const source = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
    const bind = mount.type.known && mount.type.value === 'bind';
    if (!bind || source === undefined || !mount.target.fact.known || repo.entry(source) === undefined) return [];
    return [{ target: normalPath(mount.target.fact.value), source }];
  });
}

/** Mount points whose content nobody knows here: volumes, tmpfs, folders outside the repository. */
function opaqueMounts(compose: ComposeService, known: readonly BindMount[]): readonly string[] {
  const targets = compose.volumes.flatMap((m) => (m.target.fact.known ? [normalPath(m.target.fact.value)] : []));
  const tmpfs = compose.tmpfs.flatMap((t) => (t.target.known ? [normalPath(t.target.value)] : []));
  const granted = [...compose.configs, ...compose.secrets].flatMap((g) =>
    g.target.known ? [normalPath(g.target.value)] : [],
  );
  return [...targets.filter((t) => !known.some((k) => k.target === t)), ...tmpfs, ...granted];
}

function within(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

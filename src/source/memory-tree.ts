import { normalPath, type SourceTree } from './source-tree.ts';

/** Files given as texts, for tests and for trees that others compute. Everything else is absent. */
export function memoryTree(files: Readonly<Record<string, string>>): SourceTree {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    for (let i = 0; i < parts.length; i++) {
      const folder = parts.slice(0, i).join('/');
      const names = folders.get(folder) ?? new Set();
      names.add(parts[i] ?? '');
      folders.set(folder, names);
    }
  }
  return {
    look(path) {
      const clean = normalPath(path);
      return files[clean] !== undefined ? 'file' : clean === '' || folders.has(clean) ? 'directory' : 'absent';
    },
    text: (path) => files[normalPath(path)],
    names: (path) => [...(folders.get(normalPath(path)) ?? [])].sort(),
    origin: (path) => normalPath(path),
  };
}

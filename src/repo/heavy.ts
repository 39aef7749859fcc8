/** Folders that tools fill by the ten thousand files: never walked, listed when asked for by name. */
const HEAVY = new Set([
  'node_modules',
  'bower_components',
  '.git',
  '.hg',
  '.svn',
  '.plimsoll',
  '.venv',
  '.tox',
  '.nox',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '__pycache__',
  '.gradle',
  '.terraform',
  '.turbo',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.angular',
  '.parcel-cache',
  '.pnpm-store',
]);

/** `names`: what the folder holds, asked for only where the name alone does not tell (a virtualenv may have any name). */
export function isHeavyFolder(name: string, names: () => readonly string[]): boolean {
  if (HEAVY.has(name)) return true;
  return (name === 'venv' || name === 'env' || name.startsWith('.venv')) && names().includes('pyvenv.cfg');
}

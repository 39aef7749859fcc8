import type { Service } from '../model/types.ts';
import type { Repo } from '../repo/repo.ts';

/** Installs that put a project's own code, or code from nobody knows where, onto Python's path. */
const PROJECT =
  /\b(?:pip3?|uv\s+pip)\s+install\b[^\n;&|]*(?:\s(?:-e|--editable)\b|\s["']?\.{1,2}(?:["'/[]|\s|$)|\s["']?\/|git\+|https?:|\.whl|\.tar\.gz|--find-links)|\buv\s+sync\b(?![^\n;&|]*--no-install-(?:project|workspace))|\bpoetry\s+(?:install|build)\b(?![^\n;&|]*--no-root)|\bpdm\s+(?:install|sync)\b(?![^\n;&|]*--no-self)|\bsetup\.py\b|\b(?:hatch|flit|conda|mamba|micromamba|pipenv|pex|shiv|maturin)\b/;
/** Lines of a requirements file that bring code whose modules are not named there. */
const UNNAMED = /^\s*(?:-e\b|--editable|git\+|\.{0,2}\/|\.\s*$|https?:|file:|[\w.-]+\s*@\s)/m;
/** What a start script does before it runs its arguments, so that they are looked up elsewhere. */
const MOVES = /^\s*(?:cd|pushd|source|\.)\s|PYTHONPATH|NODE_PATH|activate\b|\bchroot\b|\bworkdir\b/m;

/** Why a module or file that a command names may be found after all. Undefined: nothing says so.
 * `module` is the top-level name of a Python module. */
export function mayBeElsewhere(service: Service, module: string | undefined): string | undefined {
  const { startTexts, target, stack, process } = service;
  const moved = startTexts.known
    ? startTexts.value.find(({ file, text }) => file !== undefined && MOVES.test(text))
    : undefined;
  if (moved?.file !== undefined) return `${moved.file} may change the folder or the path first`;
  if (!startTexts.known && process.known) return startTexts.why;
  if (module === undefined || target === undefined) return undefined;
  const text = target.dockerfile.text.replace(/\\\r?\n/g, ' ');
  if (PROJECT.test(text)) return `an install of ${target.dockerfile.file} may bring ${module}`;
  const list = stack.repo
    .files()
    .find(
      (file) =>
        /(^|\/)(requirements|constraints)[^/]*\.(txt|in)$|(^|\/)requirements\/[^/]+\.txt$/.test(file) &&
        UNNAMED.test(stack.repo.text(file) ?? ''),
    );
  if (list !== undefined) return `${list} may bring ${module}`;
  if (!service.image.known) return service.image.why;
  const brought = service.image.value.packages.find(
    (p) => p.manager === 'pip' && p.name.toLowerCase().split(/[-_.]/).includes(module.toLowerCase()),
  );
  if (brought !== undefined) return `${brought.name} may bring ${module}`;
  // Code that lies nowhere in the repository comes from a package, where anything is installed.
  const installs = /\b(pip3?|uv|poetry|pdm|apt-get|apk|dnf)\b/.test(text);
  return installs && !isOwn(stack.repo, module) ? `an installed package may bring ${module}` : undefined;
}

/** Whether the repository holds a module of this name. */
function isOwn(repo: Repo, module: string): boolean {
  return repo.files().some((file) => ownFile(file, module) || ownFolder(file, module));
}

function ownFile(file: string, module: string): boolean {
  return file === `${module}.py` || file.endsWith(`/${module}.py`);
}

function ownFolder(file: string, module: string): boolean {
  return file.endsWith('.py') && (file.startsWith(`${module}/`) || file.includes(`/${module}/`));
}

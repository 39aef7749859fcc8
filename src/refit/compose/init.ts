import type { Repo } from '../../repo/repo.ts';
import type { ImageInput } from '../input.ts';

/** Servers that handle SIGTERM themselves. */
const HANDLES = /\b(uvicorn|gunicorn|hypercorn|granian|daphne|celery|uwsgi|nginx)\b/;

/** Whether process 1 would ignore SIGTERM: the kernel gives it no default action, so a program without a handler of its own is
 * killed ten seconds later. `init: true` puts a small one in front, which does no harm elsewhere. */
export function needsInit(repo: Repo, image: ImageInput): boolean {
  if (HANDLES.test(image.dockerfile.text)) return false;
  const folder = image.contextDir === '' ? '' : `${image.contextDir}/`;
  return !repo
    .files()
    .some(
      (file) => file.startsWith(folder) && /\.(py|[cm]?[jt]s)$/.test(file) && /SIGTERM/.test(repo.text(file) ?? ''),
    );
}

/** Whether a service's own command leaves SIGTERM without effect: a shell that neither traps it nor hands its place on, `sleep`
 * or `tail`. An entrypoint of the service comes before its command. */
export function shellIgnoresSignals(entrypoint: unknown, command: unknown): boolean {
  const words = [entrypoint, command].map(wordsOf).find((list) => list.length > 0) ?? [];
  const program = words[0]?.replace(/^.*\//, '') ?? '';
  if (/^(sleep|tail)$/.test(program)) return true;
  // An entrypoint that is a shell takes the command for its arguments.
  const text = [...words, ...(wordsOf(entrypoint).length > 0 ? wordsOf(command) : [])].join(' ');
  return /^(ba|da|a|k|z)?sh$/.test(program) && / -\w*c\b/.test(text) && !/\b(trap|exec)\b/.test(text);
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string')
    return value
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
  return Array.isArray(value) ? value.map(String) : [];
}

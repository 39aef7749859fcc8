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

import type { Service } from '../model/types.ts';

/** Whether a path is a folder itself or lies below it. `/var/run` is a link to `/run` in every distribution. */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [canonical(path), canonical(folder)];
  return outer === '/' || inner === outer || inner.startsWith(`${outer}/`);
}

/** Paths of the container at which compose mounts something; undefined where one is not known. */
export function mountTargets(service: Service): readonly (string | undefined)[] {
  const { compose } = service;
  return [
    ...compose.volumes.map((m) => (m.target.fact.known ? m.target.fact.value : undefined)),
    ...compose.tmpfs.map((t) => (t.target.known ? t.target.value : undefined)),
  ];
}

function canonical(path: string): string {
  const clean = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  return clean.replace(/^\/var\/run(?=\/|$)/, '/run');
}

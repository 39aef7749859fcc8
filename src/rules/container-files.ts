import { type Fact, known, type Reason, unknown } from '../facts/fact.ts';

import type { Service } from '../model/types.ts';
import { isWithin } from './container-path.ts';

/** A text file as a container sees it. */
export interface ContainerFile {
  /** In the container. */
  readonly path: string;
  /** Repository path. */
  readonly file: string;
  readonly text: string;
  readonly reason: Reason;
}

/** The text at a path of the container: what compose mounts there, or else what the build wrote. Undefined: nothing of the repository is there. */
export function fileInside(service: Service, path: string): Fact<ContainerFile | undefined> {
  const { compose, stack } = service;
  const { repo } = stack;
  for (const config of [...compose.configs, ...compose.secrets])
    if (!config.target.known || config.target.value === path) return unknown(`a config of compose may be at ${path}`);
  const over = compose.volumes.filter((m) => m.target.fact.known && isWithin(path, m.target.fact.value));
  if (compose.volumes.some((m) => !m.target.fact.known)) return unknown('where a volume is mounted is not known');
  const mount = over.sort((a, b) => length(b) - length(a))[0];
  if (mount?.target.fact.known === true) {
    const from = mount.source?.fact.known === true ? mount.source.fact.value.path : undefined;
    if (from === undefined) return unknown(`what is mounted at ${mount.target.fact.value} is not in the repository`);
    const rest = path.slice(mount.target.fact.value.replace(/\/+$/, '').length);
    const file = `${from}${rest}`.replace(/^\.\//, '').replace(/^\//, '');
    const entry = repo.entry(file);
    if (repo.entry(from) === undefined) return unknown(`${from} is not in the repository`);
    if (entry === undefined) return known(undefined);
    const text = entry.type === 'file' ? repo.text(file) : undefined;
    if (text === undefined) return unknown(`${file} could not be read`);
    return known({ path, file, text, reason: { kind: 'compose', at: mount.at, text: `${file} is ${path} in it` } });
  }
  if (!service.image.known) return unknown(service.image.why);
  const found = service.image.value.tree.lookup(path);
  const entry = found.known ? found.value.entry : undefined;
  if (entry === undefined || entry.origin.kind === 'base-image')
    return found.known && found.value.presence === 'absent'
      ? known(undefined)
      : unknown(`what ${path} is is not known`);
  const text = entry.content?.();
  const file = entry.source ?? ('at' in entry.origin ? entry.origin.at.file : undefined);
  return text === undefined || file === undefined
    ? unknown(`what ${path} holds is not known`)
    : known({ path, file, text, reason: entry.origin });
}

/** What lies directly in a folder of the container, as far as the repository put it there; undefined: nothing of it does. */
export function namesInside(service: Service, folder: string): Fact<readonly string[] | undefined> {
  const { compose, stack } = service;
  if (compose.volumes.some((m) => !m.target.fact.known)) return unknown('where a volume is mounted is not known');
  const names = new Set<string>();
  let told = false;
  const over = compose.volumes
    .filter((m) => m.target.fact.known && isWithin(folder, m.target.fact.value))
    .sort((a, b) => length(b) - length(a))[0];
  for (const mount of compose.volumes) {
    const target = mount.target.fact.known ? mount.target.fact.value.replace(/\/+$/, '') : '';
    if (target === folder || !isWithin(target, folder)) continue;
    told = true;
    names.add(target.slice(folder.length + 1).split('/')[0] ?? '');
  }
  if (over?.target.fact.known === true) {
    const from = over.source?.fact.known === true ? over.source.fact.value.path : undefined;
    if (from === undefined) return unknown(`what is mounted at ${over.target.fact.value} is not in the repository`);
    const path = `${from}${folder.slice(over.target.fact.value.replace(/\/+$/, '').length)}`.replace(/^\.\//, '');
    if (stack.repo.entry(from) === undefined) return unknown(`${from} is not in the repository`);
    for (const child of stack.repo.children(path)) names.add(child.path.slice(path.length + 1));
    return known([...names]);
  }
  if (!service.image.known) return unknown(service.image.why);
  const { tree } = service.image.value;
  const listed = tree.list(folder);
  for (const name of listed.known ? listed.value.names : []) {
    const found = tree.lookup(`${folder}/${name}`);
    if (found.known && found.value.entry?.origin.kind !== 'base-image' && found.value.entry !== undefined) {
      told = true;
      names.add(name);
    }
  }
  return known(told ? [...names] : undefined);
}

function length(mount: Service['compose']['volumes'][number]): number {
  return mount.target.fact.known ? mount.target.fact.value.length : 0;
}

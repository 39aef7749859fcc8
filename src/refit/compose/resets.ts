import type { Repo } from '../../repo/repo.ts';
import type { Edit } from '../../text/edit.ts';
import type { ImageInput, ServiceInput, StackInput } from '../input.ts';
import { ComposeText } from './compose-text.ts';

export interface Resets {
  readonly edits: readonly Edit[];
  /** What they do, one sentence each. */
  readonly texts: readonly string[];
  readonly rules: readonly string[];
}

/** Makes the empty lists of an override do what their author meant: Compose appends lists, so `[]` takes nothing away. Mounts of
 * the source go, named volumes stay. Needs Compose 2.24 or newer. */
export function resetLists(repo: Repo, stack: StackInput, images: readonly ImageInput[]): Resets | string {
  const texts: string[] = [];
  const rules = new Set<string>();
  const last = stack.files.at(-1);
  if (last === undefined || stack.files.length < 2) return { edits: [], texts, rules: [] };
  const file = new ComposeText(last, repo.text(last) ?? '');
  if (file.problem !== undefined) return file.problem;
  for (const service of stack.services) {
    const contexts = contextsOf(service, images);
    if (file.isEmptyList(service.name, 'ports') && service.published.length > 0) {
      file.replaceValue(service.name, 'ports', '!reset []');
      texts.push(`${service.name} is no longer published on ${service.published.map((port) => port.host).join(', ')}`);
      rules.add('ports-kept');
    }
    if (!file.isEmptyList(service.name, 'volumes') || service.mounts.length === 0) continue;
    const source = service.mounts.filter((mount) => mount.type === 'bind' && holdsSource(repo, mount.source, contexts));
    if (source.length === 0) continue;
    const kept = service.mounts.filter((mount) => !source.includes(mount));
    if (kept.some((mount) => mount.written.includes('\n'))) continue;
    if (kept.length === 0) file.replaceValue(service.name, 'volumes', '!reset []');
    else
      file.replaceValue(
        service.name,
        'volumes',
        '!override',
        kept.map((mount) => `  - ${mount.written}`),
      );
    texts.push(
      `${service.name} runs the code of its image, not that of ${source.map((mount) => mount.source).join(', ')}`,
    );
    rules.add('development-mount-kept');
  }
  return { edits: file.edits, texts, rules: [...rules] };
}

/** The build context of a service; none for somebody else's image. */
export function contextsOf(service: ServiceInput, images: readonly ImageInput[]): readonly string[] {
  return images.filter((image) => image.dockerfile.file === service.dockerfile).map((image) => image.contextDir);
}

/** A mount that puts the source of the repository over what the image holds: the whole build context or code in it. A folder of
 * data, or a configuration, is none. */
export function holdsSource(repo: Repo, path: string, contexts: readonly string[]): boolean {
  if (!path.startsWith('.')) return false;
  const clean = path.replace(/^\.\/?/, '').replace(/\/$/, '');
  if (contexts.some((context) => context === clean || clean === '' || context.startsWith(`${clean}/`))) return true;
  return (
    contexts.some((context) => context === '' || clean.startsWith(`${context}/`)) &&
    repo.files().some((file) => (file === clean || file.startsWith(`${clean}/`)) && CODE.test(file))
  );
}

const CODE = /\.(py|[cm]?[jt]sx?|vue|svelte|astro|html|css|scss)$/;

import type { CopyInstruction } from '../dockerfile/types.ts';
import type { Reason } from '../facts/fact.ts';
import type { BuildTarget } from '../model/types.ts';
import type { Break } from '../simulate/trace.ts';
import type { Place } from '../text/place.ts';
import { ignorePattern } from './broken-steps.ts';

/** The ignore pattern that keeps a lock file from a COPY that would have brought it: `COPY package*.json ./`, `COPY . .`. */
export function lockLeftOutBy(target: BuildTarget, broken: Break): Extract<Reason, { at: Place }> | undefined {
  const said = ignorePattern(broken);
  if (said !== undefined) return said;
  const name = broken.subject.slice(broken.subject.lastIndexOf('/') + 1);
  const copies = target.dockerfile.stages
    .flatMap((stage) => stage.instructions)
    .filter((i): i is CopyInstruction => i.keyword === 'COPY' && i.from === undefined)
    .filter((i) => i.place.line <= broken.at.line);
  for (const { text } of copies.flatMap((copy) => copy.sources)) {
    const path = candidate(text, name);
    const found = path === undefined ? undefined : target.context.lookup(path);
    if (found?.status !== 'ignored') continue;
    const [pattern] = found.because;
    if (pattern !== undefined && 'at' in pattern) return pattern;
  }
  return undefined;
}

/** Where in the context a source of COPY would find a file of this name. */
function candidate(source: string, name: string): string | undefined {
  const path = source.replace(/^\.?\/+/, '').replace(/^\.$/, '');
  const slash = path.lastIndexOf('/');
  const last = path.slice(slash + 1);
  const folder = path.slice(0, slash + 1);
  if (!/[*?]/.test(last)) return path === '' || path.endsWith('/') ? `${path}${name}` : `${path}/${name}`;
  const pattern = last
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${pattern}$`).test(name) ? `${folder}${name}` : undefined;
}

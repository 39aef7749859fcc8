import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import { patternRegExp } from '../../shell/pattern.ts';
import type { SimulatedImage } from '../image.ts';
import { joinPath } from '../node.ts';

/** More paths than this from one pattern are not listed. */
const MOST = 20_000;

/** The paths that a pattern with `*`, `?` or `[…]` stands for, sorted; empty when nothing matches. Unknown where a directory
 * that it looks into is not fully known. */
export function expandGlob(image: SimulatedImage, cwd: Fact<string>, pattern: string): Fact<readonly string[]> {
  const absolute = pattern.startsWith('/');
  if (!absolute && !cwd.known) return cwd;
  const base = absolute || !cwd.known ? '/' : cwd.value;
  let found: readonly string[] = [''];
  const because: Reason[] = [];
  const components = pattern.split('/').filter((part, i) => part !== '' || i === 0);
  for (const component of absolute ? components.slice(1) : components) {
    const next: string[] = [];
    for (const prefix of found) {
      const path = (name: string) => (prefix === '' ? (absolute ? `/${name}` : name) : `${prefix}/${name}`);
      if (!/[*?[]/.test(component.replace(/\\./g, ''))) {
        const plain = component.replace(/\\(.)/g, '$1');
        const there = image.tree.lookup(joinPath(base, path(plain)), { follow: false });
        if (!there.known) return there;
        if (there.value.presence === 'assumed') return unknown(`${path(plain)} may be there`, ...there.because);
        if (there.value.presence === 'present') next.push(path(plain));
        continue;
      }
      const directory = joinPath(base, prefix === '' ? (absolute ? '/' : '.') : prefix);
      const state = image.tree.lookup(directory);
      if (state.known && state.value.presence === 'absent') continue;
      const list = image.tree.list(directory);
      if (!list.known) return state.known && state.value.type === 'file' ? known([]) : list;
      if (!list.value.complete) return unknown(`what is in ${directory} is not fully known`, ...list.because);
      const matcher = patternRegExp(component, true);
      if (!matcher) return unknown(`the pattern ${component} is not understood`);
      because.push(...list.because.slice(0, 1));
      for (const name of list.value.names) {
        if (name.startsWith('.') && !component.startsWith('.')) continue;
        if (matcher.test(name)) next.push(path(name));
      }
    }
    if (next.length > MOST) return unknown('the pattern matches more paths than Plimsoll follows');
    found = next;
  }
  return known([...found].sort(), ...because);
}

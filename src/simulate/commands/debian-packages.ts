import type { Reason } from '../../facts/fact.ts';
import { aptInstall } from '../../packages/apt.ts';
import type { ImageState } from '../state.ts';

/** With everything that was installed and what it needs or recommends, none of these packages is there. Undefined where that is not
 * known, as in an image that is not Debian's own or brings tools for building. */
export function lacksDebian(state: ImageState, wanted: readonly string[]): readonly Reason[] | undefined {
  const suite = state.distro.known && state.distro.value.id === 'debian' ? state.distro.value.release : undefined;
  if (suite === undefined) return undefined;
  const names = state.packages.filter(({ manager }) => manager === 'apt').map(({ name }) => name);
  if (names.length === 0) return /^(bookworm|trixie|bullseye)$/.test(suite) ? [] : undefined;
  const all = names.map((name) => aptInstall([name], { suite, recommends: true }));
  // A package that is not listed may need it; of those that are listed every need that ends in -dev is.
  if (all.some((fact, i) => !fact.known && /-dev$|^(build|gcc|lib)/.test(names[i] ?? ''))) return undefined;
  const plain = (name: string) => name.replace(/[-\d.]+dev$/, '');
  const there = all.some((fact) => fact.known && fact.value.packages.some((name) => wanted.includes(name)));
  return there || names.some((name) => wanted.some((one) => plain(name) === plain(one)))
    ? undefined
    : all.flatMap((fact) => fact.because).slice(0, 1);
}

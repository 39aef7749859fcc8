import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'packages for one Python are copied into an image with another',
  why: 'Each minor version of Python has its own folder of packages: 3.12 never looks into lib/python3.11, and compiled modules would not load either.',
  remedy: 'Use the same version of Python in both stages.',
  proof: 'engine',
  *check(target) {
    const stage = target.trace.target;
    const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
      (i): i is CopyInstruction => i.keyword === 'COPY' && i.from?.value !== undefined && i.sources.length === 1,
    );
    yield* each(copies, function* (copy) {
      const from = copy.from?.value?.toLowerCase() ?? '';
      const other = target.trace.stages.find((s) => s.name === from || String(s.index) === from);
      const source = copy.sources[0]?.text ?? '';
      if (other === undefined || !source.startsWith('/')) return;
      const named = /\/lib\/python(\d+\.\d+)(\/|$)/.exec(copy.destination.text)?.[1];
      const virtual = other.final.tree.lookup(`${source.replace(/\/+$/, '')}/pyvenv.cfg`);
      const isVirtual = virtual.known && virtual.value.presence === 'present';
      if (named === undefined && !isVirtual) return;
      const python = other.final.languages.get('python');
      const made = named ?? (python === undefined ? undefined : yield* know(python));
      const own = target.trace.final.languages.get('python');
      // Without Python another rule tells of it; of a base that is not known nothing can be said.
      if (own === undefined) yield* know(target.trace.final.distro);
      if (own === undefined || made === undefined) return;
      const here = yield* know(own);
      if (minor(made) === minor(here)) return;
      yield claim({
        at: copy.place,
        title: `${source} holds packages for Python ${minor(made)}; this image has Python ${minor(here)}`,
        subject: source,
        because: [
          { kind: 'line', at: copy.place, text: copy.original.trim() },
          { kind: 'line', at: other.at, text: `FROM ${other.baseName}` },
          { kind: 'line', at: stage.at, text: `FROM ${stage.baseName}` },
        ],
      });
    });
  },
});

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

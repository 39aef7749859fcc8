import type { CopyInstruction } from '../../../dockerfile/types.ts';
import { each, know } from '../../../facts/know.ts';
import { libcOfImage } from '../../../model/image-libc.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a program of a glibc image is copied into a musl image',
  why: 'A program that is linked to glibc names the loader of glibc, which Alpine does not have: the kernel says `no such file or directory` of a file that is there.',
  remedy: 'Build it on the same distribution, or link it statically.',
  proof: 'engine',
  *check(target) {
    const stage = target.trace.target;
    const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
      (i): i is CopyInstruction => i.keyword === 'COPY' && i.from?.value !== undefined,
    );
    yield* each(copies, function* (copy) {
      const source = copy.sources.find(({ text }) => LINKED.test(text));
      if (source === undefined) return;
      const from = copy.from?.value ?? '';
      const other = target.trace.stages.find((s) => s.name === from.toLowerCase() || String(s.index) === from);
      const image = other?.base.libc ?? libcOfImage(from);
      const made = yield* know(image);
      const here = yield* know(target.trace.final.libc);
      if (made === here || made === 'none') return;
      // Packages that bring the other loader to Alpine.
      const steps = stage.steps.map((step) => step.argv?.join(' ') ?? '');
      if (steps.some((words) => /gcompat|libc6-compat|glibc/.test(words))) return;
      yield claim({
        at: copy.place,
        title: `${source.text} of ${from} needs ${made}; this image has ${here === 'none' ? 'no C library' : here}`,
        subject: `${from} ${source.text}`,
        because: [
          { kind: 'line', at: copy.place, text: copy.original.trim() },
          ...(other === undefined
            ? []
            : [{ kind: 'line' as const, at: other.at, text: `FROM ${other.baseName}: ${made}` }]),
        ],
      });
    });
  },
});

/** Programs of official images that are linked to the C library they come with. */
const LINKED = /^\/usr\/local\/bin\/(node|python3?(\.\d+)?)$/;

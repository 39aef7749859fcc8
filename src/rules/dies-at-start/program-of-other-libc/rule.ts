import type { CopyInstruction } from '../../../dockerfile/types.ts';
import type { Reason } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { libcOfImage } from '../../../model/image-libc.ts';
import { linkedProgram } from '../../../model/linked-programs.ts';
import type { BuildTarget } from '../../../model/types.ts';
import type { StageTrace } from '../../../simulate/trace.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'target',
  severity: 'error',
  summary: 'a program of a glibc image is copied into a musl image',
  why: 'A program that is linked to glibc names the loader of glibc, which Alpine does not have: the kernel says `no such file or directory` of a file that is there. Go links to it where cgo is on (it is where gcc is there) and the program uses the network; Rust links to it always.',
  remedy: 'Build it on the same distribution, or link it statically (CGO_ENABLED=0, a musl target).',
  proof: 'engine',
  *check(target) {
    const stage = target.trace.target;
    const copies = (target.dockerfile.stages[stage.index]?.instructions ?? []).filter(
      (i): i is CopyInstruction => i.keyword === 'COPY' && i.from?.value !== undefined,
    );
    yield* each(copies, function* (copy) {
      const from = copy.from?.value ?? '';
      const other = target.trace.stages.find((s) => s.name === from.toLowerCase() || String(s.index) === from);
      const [source, built] = linked(target, copy, other);
      if (source === undefined) return;
      const image = other?.base.libc ?? libcOfImage(from);
      const made = yield* know(image);
      const here = yield* know(target.trace.final.libc);
      if (made === here || made === 'none') return;
      // Packages that bring the other loader to Alpine.
      const steps = stage.steps.map((step) => step.argv?.join(' ') ?? '');
      if (steps.some((words) => /gcompat|libc6-compat|glibc/.test(words))) return;
      yield claim({
        at: copy.place,
        title: `${source} of ${from} needs ${made}; this image has ${here === 'none' ? 'no C library' : here}`,
        subject: `${from} ${source}`,
        because: [
          { kind: 'line', at: copy.place, text: copy.original.trim() },
          ...(built === undefined ? [] : [built]),
          ...(other === undefined
            ? []
            : [{ kind: 'line' as const, at: other.at, text: `FROM ${other.baseName}: ${made}` }]),
        ],
      });
    });
  },
});

/** The source of a COPY that is linked to the C library of where it comes from, with why where it is compiled there. */
function linked(
  target: BuildTarget,
  copy: CopyInstruction,
  other: StageTrace | undefined,
): readonly [string | undefined, Reason?] {
  for (const { text } of copy.sources) {
    if (LINKED.test(text)) return [text];
    const built = other === undefined ? undefined : linkedProgram(target, other, text);
    if (built !== undefined) return [text, built];
  }
  return [undefined];
}

/** Programs of official images that are linked to the C library they come with. */
const LINKED = /^\/usr\/local\/bin\/(node|python3?(\.\d+)?)$/;

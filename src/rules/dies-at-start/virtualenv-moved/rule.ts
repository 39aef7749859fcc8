import { type Fact, known, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { broughtEnvironments, type CopiedProgram, copiedProgram } from '../../copied-virtualenv.ts';
import { startedPrograms } from '../../program-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a virtual environment is copied to another path than it was made for',
  why: 'The first line of each of its scripts names the Python of the old path. The kernel looks for that, and says "no such file or directory" of a script that is there.',
  remedy: 'Make it at the path where it will lie, or start the module with python -m.',
  proof: 'engine',
  *check(service) {
    const brought = broughtEnvironments(service);
    if (brought.length === 0) return;
    const application = yield* know(service.application);
    const image = yield* know(service.image);
    yield* each(startedPrograms(application.launch), function* (name) {
      // Python itself does not care where it lies.
      if (/(^|\/)python[\d.]*$/.test(name)) return;
      const program = copiedProgram(brought, image, name);
      if (program === undefined || program.made === program.now) return;
      yield* know(asMade(program, image.tree.lookup(program.path)));
      // A link, or a second copy, may stand at the old path.
      const old = yield* know(image.tree.lookup(`${program.made}/bin/python`));
      if (old.presence !== 'absent') return;
      yield claim({
        breaks: service.nodes.starts,
        at: program.copy.place,
        title: `${name} is started with ${program.made}/bin/python, but the environment now lies in ${program.now}`,
        subject: program.now,
        because: [
          { kind: 'line', at: program.copy.place, text: program.copy.original.trim() },
          {
            kind: 'line',
            at: program.from.at,
            text: `made in ${program.made} of ${program.from.name ?? 'that stage'}`,
          },
        ],
      });
    });
  },
});

/** Scripts of a relocatable environment find their Python themselves; a later line may have mended others. */
function asMade(
  { copy, from }: CopiedProgram,
  found: Fact<{ readonly entry?: { readonly origin: unknown } }>,
): Fact<null> {
  const words = from.steps.flatMap((step) => step.argv ?? []);
  if (words.includes('--relocatable') || [...from.final.env.keys()].some((name) => /RELOCATABLE/.test(name)))
    return unknown('the environment is made to be moved');
  if (words.some((word) => /^(conda|mamba|micromamba|conda-pack|venv-pack)$/.test(word)))
    return unknown('conda mends what it moves');
  if (!found.known) return found;
  const touched = found.because.find((reason) => 'at' in reason && reason.at.line > copy.place.endLine);
  return touched === undefined ? known(null) : unknown('a later line may have mended its scripts', touched);
}

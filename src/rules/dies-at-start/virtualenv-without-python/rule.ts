import { type Fact, known, mapFact } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Service } from '../../../model/types.ts';
import type { ImageState } from '../../../simulate/state.ts';
import { broughtEnvironments, copiedProgram } from '../../copied-virtualenv.ts';
import { startedPrograms } from '../../program-path.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a virtual environment is copied without the Python that it links to',
  why: 'A virtual environment holds no Python, only a link to the one it was made with. Where that does not exist every program of it ends with "no such file or directory": an image of another family keeps Python elsewhere, and a Python that uv has fetched lies in the home of the user who built.',
  remedy: 'Build on the image that the final stage is made from, or copy the Python too (UV_PYTHON_INSTALL_DIR).',
  proof: 'engine',
  *check(service) {
    const brought = broughtEnvironments(service);
    if (brought.length === 0) return;
    const application = yield* know(service.application);
    const image = yield* know(service.image);
    yield* each(startedPrograms(application.launch), function* (name) {
      const program = copiedProgram(brought, image, name);
      if (program === undefined) return;
      const link = yield* know(program.from.final.tree.lookup(`${program.made}/bin/python`));
      if (link.presence !== 'present' || link.real.startsWith(`${program.made}/`)) return;
      if (yield* know(hasPython(service, image, link.real))) return;
      yield claim({
        breaks: service.nodes.starts,
        at: program.copy.place,
        title: `${name} needs ${link.real}, which the environment in ${program.now} links to and the image does not have`,
        subject: program.now,
        because: [
          { kind: 'line', at: program.copy.place, text: program.copy.original.trim() },
          { kind: 'line', at: program.from.at, text: `made on ${program.from.baseName}` },
        ],
      });
    });
  },
});

/** Only uv's own images keep Python where uv keeps it: in any other that is known it comes with a line, or not at all. */
function hasPython({ target }: Service, { tree, distro }: ImageState, path: string): Fact<boolean> {
  const found = tree.lookup(path);
  const own = target !== undefined && distro.known && !/(^|\/)uv\b/.test(target.trace.target.baseName);
  if (!found.known && own && /\/uv\/python\//.test(path) && found.because.every(({ kind }) => kind === 'base-image'))
    return known(false, ...distro.because);
  return mapFact(found, ({ presence }) => presence !== 'absent');
}

import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import { copiedModules } from '../../copied-modules.ts';
import { boundToLibc } from '../../native-modules.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'node_modules with compiled parts are copied to an image with another C library',
  why: 'Modules such as bcrypt 5 or better-sqlite3 are fetched or compiled for the C library of the image they are installed in. Debian has glibc, Alpine musl: on the other one `require` ends with "Error loading shared library" or "Cannot find module".',
  remedy: 'Install on the distribution that the final stage is made from.',
  proof: 'engine',
  *check(service) {
    const modules = yield* know(copiedModules(service));
    if (modules === undefined) return;
    const { copy, from, versions } = modules;
    const image = yield* know(service.image);
    const made = yield* know(from.final.libc);
    const here = yield* know(image.libc);
    if (made === here || made === 'none' || here === 'none') return;
    const bound = [...versions.keys()].filter((name) => boundToLibc(name, versions, made));
    if (bound.length === 0) return;
    const bridge = image.packages.find(({ name }) => /^(gcompat|libc6-compat)$/.test(name));
    if (bridge !== undefined) yield* know(unknown(`${bridge.name} may load what was made for ${made}`));
    const application = yield* know(service.application);
    const loaded = yield* know(application.loads);
    const name = bound.find((one) => loaded.has(one));
    if (name === undefined) return;
    yield claim({
      breaks: service.nodes.starts,
      at: copy.place,
      title: `${name} ${versions.get(name)} was installed for ${made}; this image has ${here}`,
      subject: `${name} ${here}`,
      because: [
        { kind: 'line', at: copy.place, text: copy.original.trim() },
        { kind: 'line', at: from.at, text: `FROM ${from.baseName}: ${made}` },
        {
          kind: 'line',
          at: service.target?.trace.target.at ?? copy.place,
          text: `FROM ${service.target?.trace.target.baseName}: ${here}`,
        },
      ],
    });
  },
});

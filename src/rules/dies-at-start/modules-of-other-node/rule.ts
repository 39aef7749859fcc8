import { know } from '../../../facts/know.ts';
import { copiedModules } from '../../copied-modules.ts';
import { boundToNode } from '../../native-modules.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'node_modules with compiled parts are copied to an image with another version of Node',
  why: 'Some compiled modules are bound to the V8 of one major version: with another `require` ends with "was compiled against a different Node.js version" (NODE_MODULE_VERSION).',
  remedy: 'Use one version of Node in all stages, by a build argument above the first FROM.',
  proof: 'engine',
  *check(service) {
    const modules = yield* know(copiedModules(service));
    if (modules === undefined) return;
    const { copy, from, versions } = modules;
    const image = yield* know(service.image);
    const [there, own] = [from.final.languages.get('node'), image.languages.get('node')];
    if (there === undefined || own === undefined) return;
    const made = major(yield* know(there));
    const here = major(yield* know(own));
    const bound = [...versions.keys()].filter((name) => boundToNode(name, versions));
    if (made === here || bound.length === 0) return;
    const application = yield* know(service.application);
    const loaded = yield* know(application.loads);
    const name = bound.find((one) => loaded.has(one));
    if (name === undefined) return;
    yield claim({
      breaks: service.nodes.starts,
      at: copy.place,
      title: `${name} ${versions.get(name)} was installed for Node ${made}; this image has Node ${here}`,
      subject: `${name} ${here}`,
      because: [
        { kind: 'line', at: copy.place, text: copy.original.trim() },
        { kind: 'line', at: from.at, text: `FROM ${from.baseName}: Node ${made}` },
      ],
    });
  },
});

function major(version: string): string {
  return version.split('.')[0] ?? version;
}

import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a variable with the path of a secret that the application does not read',
  why: 'Reading `NAME_FILE` is a habit of official images. An application does it only when its code does: otherwise it runs without the secret, or with the default in its code.',
  remedy: 'Read the file in the application, or in a start script that sets the variable.',
  proof: 'none',
  *check(service) {
    if (service.target === undefined) return;
    const paths = [...service.env].filter(([name, v]) => v.origin === 'compose' && name.endsWith('_FILE'));
    yield* each(paths, function* ([name, entry]) {
      const path = yield* know(entry.value);
      if (entry.at === undefined || !path.startsWith('/run/secrets/')) return;
      // A script that runs first may set the variable from the file.
      yield* know(service.startScripts);
      const application = yield* know(service.application);
      const { reads, open } = application.environment;
      if (reads.some((read) => read.name.toLowerCase() === name.toLowerCase())) return;
      const [gap] = open;
      if (gap !== undefined) yield* know(unknown(gap.text, gap));
      const plain = reads.find((read) => read.name === name.replace(/_FILE$/, ''));
      if (plain === undefined) yield* know(unknown(`a library may read ${name}`));
      else
        yield claim({
          at: entry.at,
          title: `${service.name} does not read ${name}: its code asks for ${plain.name}`,
          subject: name,
          because: [
            { kind: 'compose', at: entry.at, text: `${name} names ${path}` },
            { kind: 'source', at: plain.at, text: `the code reads ${plain.name}` },
          ],
        });
    });
  },
});

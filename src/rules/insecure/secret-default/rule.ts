import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { EnvValue, Service } from '../../../model/types.ts';
import { secretName } from '../../../source/env-read.ts';
import { deployed } from '../../deployed.ts';
import { isGuessed, isPlaceholder } from '../../guessed-words.ts';
import { claim, rule } from '../../rule.ts';
import { signingName } from '../../signing-name.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the key of an application is one that everybody knows',
  why: 'With this key sessions and tokens are signed. Who knows it (and it stands in the repository, or in every tutorial) signs a session of whomever he likes.',
  remedy: 'Make a long random value for each deployment, and hand it over as a secret; give the code no default.',
  proof: 'none',
  *check(service) {
    const live = deployed(service.stack);
    if (live === undefined || service.target === undefined) return;
    const set = [...service.env].filter(([name]) => signingName(name));
    yield* each(set, function* ([name, entry]) {
      if (entry.at === undefined || saidBefore(service, name, entry)) return;
      const value = yield* know(entry.value);
      if (!isGuessed(value) && !isPlaceholder(value)) return;
      const local = entry.value.because.find((r) => 'at' in r && /(^|\/)\.env[^/]*$/.test(r.at.file));
      if (local !== undefined) yield* know(unknown('each deployment may have an .env of its own', local));
      yield claim({
        at: entry.at,
        title: `${name} of ${service.name} is ${isPlaceholder(value) ? 'a placeholder' : 'a well-known word'} ${live.where}`,
        subject: name,
        severity: live.weigh('error'),
        because: [{ kind: 'compose', at: entry.at, text: `${name} is set here` }, ...live.because],
      });
    });
    const application = yield* know(service.application);
    const fallen = application.environment.reads.filter(
      (read) => signingName(read.name) && secretName(read.name) && read.reached === true && !service.env.has(read.name),
    );
    yield* each(fallen, function* (read) {
      const value = yield* know(read.fallback);
      if (value === null || value.length < 3) return;
      const open = service.compose.environment.open[0];
      if (open !== undefined) yield* know(unknown(open.text, open));
      const { files } = application.environment;
      if (files.length > 0) yield* know(unknown(`the application may load ${read.name} from a file`));
      yield claim({
        at: read.at,
        title: `nothing sets ${read.name} for ${service.name} ${live.where}, so the key that stands in the code is used`,
        subject: read.name,
        severity: live.weigh('error'),
        because: [
          { kind: 'source', at: read.at, text: `${read.name} has a default of ${value.length} characters here` },
          ...live.because,
        ],
      });
    });
  },
});

/** The same word for several services is one cause. */
function saidBefore(service: Service, name: string, own: EnvValue): boolean {
  const first = service.stack.services.find(({ target, env }) => {
    const there = env.get(name);
    return (
      target !== undefined && there?.value.known === true && own.value.known && there.value.value === own.value.value
    );
  });
  return first !== undefined && first !== service;
}

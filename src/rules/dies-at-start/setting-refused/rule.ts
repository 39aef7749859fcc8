import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import { environmentGap } from '../../../model/effective.ts';
import { secretName } from '../../../source/env-read.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the application refuses the value of a variable when it starts',
  why: 'Settings are checked while the code is loaded: a placeholder that a validator forbids, a secret that is too short, a word that is no number, a list that is no JSON. The process ends with an exception before it listens.',
  remedy: 'Give the variable a value that the check lets through, or correct the check.',
  proof: 'engine',
  *check(service) {
    if (service.target === undefined || service.stack.files.length === 0) return;
    const application = yield* know(service.application);
    const gap = environmentGap(service.image, service.compose);
    const { files, secretFolders } = application.environment;
    yield* each(application.refusals, function* (refusal) {
      if (refusal.unset.length > 0) {
        if (gap !== undefined) yield* know(unknown(gap));
        if (files.length > 0 || secretFolders.length > 0)
          yield* know(unknown(`the application may load ${refusal.unset[0]} from a file`));
      }
      const values = refusal.variables.map((name) => ({ name, given: service.env.get(name) }));
      const first = values[0];
      if (first === undefined) return;
      for (const { name, given } of values) {
        const fact = yield* know(given?.value ?? unknown(`where ${name} is set is not known`));
        if (secretName(name) && given?.value.because.some((reason) => reason.kind === 'default') === true)
          yield* know(unknown(`the default of ${name} is meant to be replaced`));
        if (fact === '' && secretName(name)) yield* know(unknown(`${name} is left empty, to be filled in`));
      }
      yield claim({
        breaks: service.nodes.starts,
        at: first.given?.at ?? service.at,
        title: `${service.name} ends at start: ${refusal.by} refuses ${first.name} (${refusal.text})`,
        subject: first.name,
        because: [
          ...values.flatMap(({ name, given }) =>
            given?.at === undefined ? [] : [{ kind: 'compose' as const, at: given.at, text: `${name} is set here` }],
          ),
          { kind: 'source', at: refusal.at, text: refusal.text },
        ],
      });
    });
  },
});

import { type Reason, unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Place } from '../../../text/place.ts';
import { claim, rule } from '../../rule.ts';
import { variableElsewhere } from '../../variable-elsewhere.ts';

export default rule({
  on: 'service',
  severity: 'warning',
  summary: 'a value is given to the build, and the code reads it at run time',
  why: 'An ARG lives only while the image is built. The container that is started from it has no such variable: the default of the code is in force, or it fails when it needs the value.',
  remedy: 'Set it under `environment:`; what is secret or differs between hosts does not belong into an image.',
  proof: 'none',
  *check(service) {
    const { target } = service;
    if (target === undefined || target.args.size === 0) return;
    const steps = target.dockerfile.stages.flatMap((stage) => stage.instructions);
    const given = [...target.args].filter(([name]) => !service.env.has(name) && !BY_BUILD.test(name));
    if (given.length === 0) return;
    const application = yield* know(service.application);
    yield* each(given, function* ([name, value]) {
      const read = application.environment.reads.find(
        (one) => one.name === name && one.when !== 'build' && one.reached === true,
      );
      if (read === undefined) return;
      const elsewhere = variableElsewhere(service, application, read);
      if (elsewhere.from === 'unsure') yield* know(unknown(elsewhere.why));
      if (elsewhere.from !== 'nowhere') return;
      const step = steps.find((i) => i.keyword !== 'ARG' && new RegExp(`(?<!\\w)${name}(?!\\w)`).test(i.original));
      if (step !== undefined)
        yield* know(
          unknown(`a step has ${name} and may keep it`, { kind: 'line', at: step.place, text: step.original }),
        );
      yield* know(service.startScripts);
      const declared = steps.find((i) => i.keyword === 'ARG' && i.args.some((one) => one.name.text === name));
      yield claim({
        at: placed(value.because) ?? service.at,
        title: `${name} is given to the build of ${service.name} only; its code reads ${name} when it runs`,
        subject: `${service.name} ${name}`,
        because: [
          ...(declared === undefined
            ? []
            : [
                { kind: 'line' as const, at: declared.place, text: `${declared.original.trim()}, and no ENV keeps it` },
              ]),
          { kind: 'source', at: read.at, text: `the code reads ${name}` },
        ],
      });
    });
  },
});

/** What tools read at run time and while building alike, with defaults of their own. */
const BY_BUILD = /^(?:NODE_ENV|PORT|CI|TZ|PYTHON\w*|(?:HTTPS?|NO|ALL)_PROXY)$/i;

function placed(because: readonly Reason[]): Place | undefined {
  return because.flatMap((reason) => ('at' in reason ? [reason.at] : []))[0];
}

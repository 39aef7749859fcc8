import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { EnvRead } from '../../../source/env-read.ts';
import { claim, rule } from '../../rule.ts';
import { variableElsewhere } from '../../variable-elsewhere.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'the application needs a variable at start that nobody sets',
  why: 'It is read while the application is loaded, without a default: the process ends with an exception before it listens. A template of an env file that does not name it leaves everybody without it who follows the instructions.',
  remedy: 'Set it in the compose file or an env file (and in its template), or give it a default.',
  proof: 'engine',
  *check(service) {
    // A bare image is run by somebody who sets its variables: only a stack says what is set.
    if (service.target === undefined || service.stack.files.length === 0) return;
    const application = yield* know(service.application);
    const needed = application.environment.reads.filter((read) => read.when === 'import' && read.reached === true);
    const lost = new Map<string, EnvRead[]>();
    yield* each(needed, function* (read) {
      const required = yield* know(read.required);
      const names = read.ignoreCase ? [...service.env.keys()].map((n) => n.toLowerCase()) : [...service.env.keys()];
      if (!required || names.includes(read.ignoreCase ? read.name.toLowerCase() : read.name)) return;
      const elsewhere = variableElsewhere(service, application, read);
      if (elsewhere.from === 'unsure') yield* know(unknown(elsewhere.why));
      if (elsewhere.from !== 'nowhere') return;
      const key = elsewhere.templates.join(', ');
      lost.set(key, [...(lost.get(key) ?? []), read]);
    });
    for (const [template, reads] of lost) {
      const [first] = reads;
      const all = [...new Set(reads.map(({ name }) => name))];
      if (first === undefined) continue;
      const shown = all.slice(0, 3).join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '');
      yield claim({
        breaks: service.nodes.starts,
        at: first.at,
        title: `${service.name} needs ${shown} at start, and ${template === '' ? 'nothing sets' : `${template} does not name`} ${all.length === 1 ? 'it' : 'them'}`,
        subject: all.join(' '),
        severity: template === '' ? 'error' : 'warning',
        because: [...reads.slice(0, 3).map(readWithout), said(service.at, service.name, template)],
      });
    }
  },
});

const readWithout = ({ name, at }: EnvRead) => ({
  kind: 'source' as const,
  at,
  text: `${name} is read while the application is loaded, without a default`,
});

const said = (at: EnvRead['at'], service: string, template: string) => ({
  kind: 'compose' as const,
  at,
  text: `no file of this stack sets it for ${service}${template === '' ? '' : `, nor does ${template}, which people copy`}`,
});

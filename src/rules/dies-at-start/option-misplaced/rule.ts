import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { claim, rule } from '../../rule.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'an option of celery stands behind its command',
  why: 'Since version 5 the options -A, --app, -b, --broker and --workdir belong to celery itself and stand before the command. Behind it celery stops: "You are using `-A` as an option of the worker sub-command".',
  remedy: 'Write `celery -A APP worker`.',
  proof: 'engine',
  *check(service) {
    if (service.target === undefined) return;
    const process = yield* know(service.process);
    const { command } = process;
    const celery = command.findIndex((word) => /(^|\/)celery$/.test(word));
    const verb = command.findIndex(
      (word, i) => i > celery && /^(worker|beat|flower|events|inspect|control)$/.test(word),
    );
    const option = command.findIndex((word, i) => i > verb && /^(-A|--app|--broker|--workdir)(=|$)/.test(word));
    if (celery === -1 || verb === -1 || option === -1) return;
    const majors = celeryMajors(service.target.dockerfile.text, service.stack.repo);
    if (majors.length === 0) yield* know(unknown('which version of celery is installed is not known'));
    if (!majors.every((major) => major >= 5)) return;
    const [word = ''] = (command[option] ?? '').split('=');
    yield claim({
      breaks: service.nodes.starts,
      at: process.at,
      title: `${service.name} starts celery with ${word} behind ${command[verb]}, which celery ${majors[0]} refuses`,
      subject: word,
      because: [{ kind: 'line', at: process.at, text: command.join(' ') }],
    });
  },
});

/** Major releases of celery that the Dockerfile, requirements and lock files ask for, as far as they exclude older ones. */
function celeryMajors(dockerfile: string, repo: Repo): readonly number[] {
  const files = repo
    .files()
    .filter((f) =>
      /(^|\/)(requirements[^/]*\.(txt|in)|requirements\/[^/]+\.txt|poetry\.lock|uv\.lock|pyproject\.toml|Pipfile(\.lock)?)$/.test(
        f,
      ),
    );
  const wanted =
    /(?<![\w-])celery(?:\[[^\]]*\])?["']?\s*(?:==|~=|>=|=\s*["']?[~^]?|:\s*\{?\s*)["'=\s]*(\d+)|name = "celery"\s+version = "(\d+)/gi;
  return [dockerfile, ...files.map((f) => repo.text(f) ?? '')].flatMap((text) =>
    [...text.matchAll(wanted)].map((found) => Number(found[1] ?? found[2])),
  );
}

import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { Repo } from '../../../repo/repo.ts';
import { envTemplate } from '../../env-template.ts';
import { claim, rule } from '../../rule.ts';
import { speaksOf } from '../../speaks-of.ts';

export default rule({
  on: 'stack',
  severity: 'warning',
  summary: 'a variable of the compose file that neither `.env` nor its template sets',
  why: 'Compose warns ("The … variable is not set. Defaulting to a blank string.") and goes on: an empty text is put in its place.',
  remedy: 'Name it in the template, give it a default (`${NAME:-value}`), or require it (`${NAME:?}`).',
  proof: 'engine',
  *check(stack) {
    const template = envTemplate(stack);
    if (
      stack.files.length === 0 ||
      template === undefined ||
      template.entries.size === 0 ||
      stack.model.gaps.length > 0
    )
      return;
    const unset = stack.model.variables.filter(
      (v) =>
        v.value === undefined &&
        !template.entries.has(v.name) &&
        !OF_SHELLS.test(v.name) &&
        v.uses.every((use) => use.operator === ''),
    );
    yield* each(unset, function* ({ name, uses }) {
      const [use] = uses;
      if (use === undefined) return;
      const told = speaksOf(stack.repo, new RegExp(`\\b${name}\\b`));
      if (told !== undefined) yield* know(unknown(`${told} speaks of ${name}: it may say how it is set`));
      const other = otherFile(stack.repo, name, template.path);
      if (other !== undefined) yield* know(unknown(`${other} sets ${name}: it may be given with --env-file`));
      yield claim({
        at: use.at,
        title: `nothing sets ${name}: Compose puts an empty text in its place`,
        subject: name,
        because: [
          { kind: 'compose', at: use.at, text: `\${${name}} has no default` },
          ...[...template.entries.values()].slice(0, 1).map(({ at }) => ({
            kind: 'compose' as const,
            at,
            text: `${template.path} sets ${template.entries.size} other variables, not ${name}`,
          })),
        ],
      });
    });
  },
});

/** Another env file that sets it. */
function otherFile(repo: Repo, name: string, template: string): string | undefined {
  const sets = new RegExp(`^(?:export )?${name}=`, 'm');
  return repo
    .files()
    .find((file) => file !== template && /(?:^|\/)[^/]*\.?env[^/]*$/i.test(file) && sets.test(repo.text(file) ?? ''));
}

/** What shells and runners set, or `docker compose` is called with. */
const OF_SHELLS =
  /^(?:HOME|USER|PWD|UID|GID|HOSTNAME|PATH|SHELL|LOGNAME|TMPDIR|TAG|VERSION|IMAGE_TAG|GIT_\w+|CI\w*|GITHUB_\w+|SSH_AUTH_SOCK|DISPLAY|COMPOSE_\w+|DOCKER_\w+|XDG_\w+)$/;

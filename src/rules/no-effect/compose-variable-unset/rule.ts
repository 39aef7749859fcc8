import type { ComposeVariable } from '../../../compose/environment.ts';
import { unknown } from '../../../facts/fact.ts';
import { know } from '../../../facts/know.ts';
import type { Stack } from '../../../model/types.ts';
import type { Repo } from '../../../repo/repo.ts';
import { type EnvTemplate, envTemplate } from '../../env-template.ts';
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
    const told = unsetIn(stack, template);
    const lost = told.flatMap(({ v, where }) => (where === undefined ? [v] : []));
    const [first] = lost;
    const [open] = told;
    const use = first?.uses[0];
    if (first === undefined || use === undefined) {
      if (open !== undefined)
        yield* know(unknown(`${open.where ?? ''} speaks of ${open.v.name}: it may say how it is set`));
      return;
    }
    const names = lost.map((v) => v.name);
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
    yield claim({
      at: use.at,
      title: `nothing sets ${shown}: Compose puts an empty text in ${names.length === 1 ? 'its' : 'their'} place`,
      subject: names.join(' '),
      because: lost.slice(0, 5).flatMap((v) =>
        v.uses.slice(0, 1).map((use) => ({
          kind: 'compose' as const,
          at: use.at,
          text: `\${${v.name}} has no default, and ${template.path} does not name it`,
        })),
      ),
    });
  },
});

/** Variables that nothing sets, each with the file that speaks of it nevertheless. */
function unsetIn(
  { repo, model }: Stack,
  template: EnvTemplate,
): readonly { v: ComposeVariable; where: string | undefined }[] {
  return model.variables
    .filter((v) => v.value === undefined && !template.entries.has(v.name) && !OF_SHELLS.test(v.name))
    .filter((v) => v.uses.every((use) => use.operator === ''))
    .map((v) => ({
      v,
      where:
        speaksOf(repo, new RegExp(`\\b${v.name}\\b`)) ??
        otherFile(repo, v.name, template.path) ??
        commentedOut(repo, v.name, template.path),
    }));
}

/** Another env file that sets it. */
function otherFile(repo: Repo, name: string, template: string): string | undefined {
  const sets = new RegExp(`^(?:export )?${name}=`, 'm');
  return repo
    .files()
    .find((file) => file !== template && /(?:^|\/)[^/]*\.?env[^/]*$/i.test(file) && sets.test(repo.text(file) ?? ''));
}

/** The template itself names it, as a line that people are to take the comment sign from. */
function commentedOut(repo: Repo, name: string, template: string): string | undefined {
  return new RegExp(`^\\s*#+\\s*(?:export )?${name}\\s*=`, 'm').test(repo.text(template) ?? '') ? template : undefined;
}

/** What shells and runners set, or `docker compose` is called with. */
const OF_SHELLS =
  /^(?:HOME|USER|PWD|UID|GID|HOSTNAME|PATH|SHELL|LOGNAME|TMPDIR|TAG|VERSION|IMAGE_TAG|GIT_\w+|CI\w*|GITHUB_\w+|SSH_AUTH_SOCK|DISPLAY|COMPOSE_\w+|DOCKER_\w+|XDG_\w+)$/;

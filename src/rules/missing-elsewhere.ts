import { at } from '../compose/node.ts';
import type { ComposeProblem } from '../compose/problem.ts';
import { yamlOf } from '../compose/repo-yaml.ts';
import { type Fact, unknown } from '../facts/fact.ts';
import type { Stack } from '../model/types.ts';

/** Marks of Jinja, EJS, Helm and makers of projects; `{{.Node.Hostname}}` is the engine's own. */
const TEMPLATE = /\{\{(?!\s*\.)|\{%|<%|@@?[A-Z_]{3,}@@?|__[A-Z][A-Z_]+__/;

/** Why what Compose misses in a stack may come from a file that the repository does not have or that is added by hand.
 * Undefined: nothing says so. */
export function missingElsewhere(stack: Stack, problem: ComposeProblem): Fact<never> | undefined {
  const template = TEMPLATE.exec(stack.repo.text(problem.at.file) ?? '')?.[0];
  if (template !== undefined || TEMPLATE.test(problem.at.file))
    return unknown(`${problem.at.file} looks like a template that is filled in first (${template ?? 'its name'})`);
  if (problem.kind.startsWith('undefined-')) {
    const file = otherFile(stack);
    if (file !== undefined) return unknown(`${file} may bring what is missing`);
  }
  // An override is no stack of its own: whoever uses it puts the base before it.
  const [only, more] = stack.files;
  const override =
    more === undefined && only !== undefined && /override|(^|[/.-])(dev|prod|ci|test|local)[.-]/i.test(only);
  if (override && (problem.kind.startsWith('undefined-') || problem.text.includes('neither an image nor a build')))
    return unknown(`${only} may be meant on top of another file`);
  // Parts of a stack that a program puts together: another file has what this one lacks.
  const name = /^service (\S+) has neither/.exec(problem.text)?.[1] ?? /depends on (\S+),/.exec(problem.text)?.[1];
  const part = name === undefined ? undefined : definitionElsewhere(stack, name);
  return part === undefined ? undefined : unknown(`${part} has ${name}: both may be parts of one stack`);
}

/** Another compose file of the repository in which a service of this name is built or has an image. */
function definitionElsewhere({ repo, files }: Stack, service: string): string | undefined {
  return repo
    .files()
    .filter((path) => /(^|[/.-])compose[^/]*\.ya?ml$/i.test(path) && !files.includes(path))
    .find((path) => {
      if (!repo.text(path)?.includes(service)) return false;
      const node = at(yamlOf(repo, path)?.documents[0]?.root, 'services', service);
      return at(node, 'image') !== undefined || at(node, 'build') !== undefined;
    });
}

/** A compose file beside these, also one that is only an example or a template, or that git ignores. */
function otherFile({ repo, files }: Stack): string | undefined {
  const [first = ''] = files;
  const folder = first.includes('/') ? first.slice(0, first.lastIndexOf('/') + 1) : '';
  const beside = repo
    .children(folder.replace(/\/$/, ''))
    .map((entry) => entry.path)
    .find((path) => /(docker-)?compose[^/]*\.ya?ml/i.test(path.slice(folder.length)) && !files.includes(path));
  if (beside !== undefined) return beside;
  return [
    'compose.override.yaml',
    'compose.override.yml',
    'docker-compose.override.yml',
    'docker-compose.override.yaml',
  ]
    .map((name) => folder + name)
    .find((path) => repo.gitIgnored(path) !== undefined && repo.gitIgnored(path) !== false);
}

import { parse as parseToml } from 'smol-toml';
import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import type { BuildContext } from '../simulate/context/build-context.ts';
import type { Step } from '../simulate/trace.ts';
import { linePlace, type Place } from '../text/place.ts';

type Found = { readonly names: readonly string[]; readonly at: Place } | undefined;

/** The development dependencies that an install in a folder of the image would bring, by its manifest as the image has it. */
export function developmentDependencies(
  repo: Repo,
  context: BuildContext,
  step: Step,
  language: 'node' | 'python' | 'other',
): Fact<Found> {
  if (language === 'other') return known(undefined);
  const chosen = step.argv?.find((word) =>
    /^(--package|--workspace|-w|--filter|-F|--all-packages|--only-group)(=|$)/.test(word),
  );
  if (chosen !== undefined)
    return unknown(`${chosen} chooses what is installed: whose development dependencies come is not read`);
  const workdir = step.before.workdir;
  if (!workdir.known) return workdir;
  const name = language === 'node' ? 'package.json' : 'pyproject.toml';
  const found = step.before.tree.lookup(`${workdir.value === '/' ? '' : workdir.value}/${name}`);
  if (!found.known) return found;
  const file = found.value.entry?.source;
  if (found.value.presence === 'absent') return known(undefined);
  const text = file === undefined ? undefined : repo.text(file);
  if (file === undefined || text === undefined)
    return unknown(`${name} of ${context.dir === '' ? 'the context' : context.dir} is not known`);
  return language === 'node' ? ofPackageJson(file, text) : ofPyproject(file, text);
}

function ofPackageJson(file: string, text: string): Fact<Found> {
  try {
    const { devDependencies, workspaces } = JSON.parse(text) as {
      devDependencies?: Record<string, string>;
      workspaces?: unknown;
    };
    if (workspaces !== undefined) return unknown(`${file} has workspaces: which of them are installed is not read`);
    return known(listed(file, text, Object.keys(devDependencies ?? {}), '"devDependencies"'));
  } catch (error) {
    if (error instanceof SyntaxError) return unknown(`${file} is not JSON`);
    throw error;
  }
}

/** uv installs the group `dev` by default; Poetry every group that is not optional. */
function ofPyproject(file: string, text: string): Fact<Found> {
  let content: Record<string, unknown>;
  try {
    content = parseToml(text);
  } catch (error) {
    if (error instanceof Error) return unknown(`${file} is not TOML`);
    throw error;
  }
  const tool = table(content['tool']);
  const uv = table(tool['uv']);
  const groups = table(content['dependency-groups']);
  if (uv['default-groups'] !== undefined) return unknown(`${file} chooses its default groups itself`);
  const names = [
    ...strings(groups['dev']),
    ...strings(uv['dev-dependencies']),
    ...Object.keys(table(table(table(tool['poetry'])['group'])['dev'])['dependencies'] ?? {}),
    ...Object.keys(table(tool['poetry'])['dev-dependencies'] ?? {}),
  ];
  const mark =
    ['[dependency-groups]', 'dev-dependencies', '[tool.poetry.group.dev', '[tool.poetry.dev-dependencies]'].find((m) =>
      text.includes(m),
    ) ?? '[';
  return known(
    listed(
      file,
      text,
      names.map((n) => n.replace(/[\s<>=!~;[].*$/, '')),
      mark,
    ),
  );
}

function listed(file: string, text: string, names: readonly string[], mark: string): Found {
  if (names.length === 0) return undefined;
  const line = text.slice(0, Math.max(0, text.indexOf(mark))).split('\n').length;
  return { names, at: linePlace(file, line) };
}

function table(value: unknown): Record<string, Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, Record<string, unknown>>)
    : {};
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

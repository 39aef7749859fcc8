import { execFileSync } from 'node:child_process';
import { loadCompose } from '../../src/compose/load.ts';
import { openDirectory } from '../../src/repo/directory.ts';
import { comparable } from './comparable.ts';
import { renderConfig } from './render.ts';

export interface Comparison {
  readonly ours: unknown;
  readonly compose: unknown;
  /** What `docker compose` said when it refused. */
  readonly refused?: string;
  readonly problems: readonly string[];
  /** Variables that a use requires and nothing sets. */
  readonly required: readonly string[];
  readonly gaps: readonly string[];
}

/** Loads files of a directory both ways. `root` is the repository; `docker compose` runs in it. */
export function compare(
  root: string,
  files: readonly string[],
  env: Readonly<Record<string, string>> = {},
  profiles: readonly string[] = [],
): Comparison {
  const repo = openDirectory(root);
  const asked = profiles.length === 0 ? {} : { profiles };
  const first = loadCompose(repo, files, { env: new Map(Object.entries(env)), ...asked, examples: false });
  // Compose reads an unset variable as the empty text; Plimsoll says unknown.
  const blank = first.variables.filter(
    (variable) => variable.value === undefined && variable.uses.every((use) => use.operator === ''),
  );
  const values = new Map([...Object.entries(env), ...blank.map((variable) => [variable.name, ''] as const)]);
  const passed = new Set(
    [...first.services.values()].flatMap((service) =>
      [...service.environment.entries.values()].filter((entry) => entry.from === 'passed').map((entry) => entry.name),
    ),
  );
  for (const name of passed) if (!(name in env)) values.delete(name);
  const model = loadCompose(repo, files, { env: values, ...asked, examples: false });
  const problems = model.problems
    .filter((problem) => problem.effect === 'refused')
    .map((problem) => `${problem.at.file}:${problem.at.line} ${problem.text}`);
  const required = model.variables
    .filter((variable) => variable.required && variable.value === undefined)
    .map((variable) => variable.name);
  const gaps = model.gaps.map((gap) => gap.text);
  const ours = renderConfig(model, root);
  const args = [
    'compose',
    ...files.flatMap((file) => ['-f', file]),
    ...profiles.flatMap((profile) => ['--profile', profile]),
    'config',
    '--format',
    'json',
  ];
  try {
    const out = execFileSync('docker', args, {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: '/root',
        DOCKER_HOST: process.env['DOCKER_HOST'],
        DOCKER_CONFIG: process.env['DOCKER_CONFIG'],
        ...env,
      },
    });
    return { ours, compose: comparable(JSON.parse(out)), problems, required, gaps };
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return {
      ours,
      compose: undefined,
      refused: said
        .split('\n')
        .filter((line) => !line.includes('level=warning'))
        .join('\n')
        .trim(),
      problems,
      required,
      gaps,
    };
  }
}

/** The first differences of two values, as `path: ours | compose`. */
export function differences(ours: unknown, compose: unknown, path = ''): readonly string[] {
  if (JSON.stringify(ours) === JSON.stringify(compose)) return [];
  const object = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (object(ours) && object(compose) && Array.isArray(ours) === Array.isArray(compose)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(compose)])];
    return keys.flatMap((key) => differences(ours[key], compose[key], path === '' ? key : `${path}.${key}`));
  }
  return [`${path}: ${JSON.stringify(ours)} | ${JSON.stringify(compose)}`];
}

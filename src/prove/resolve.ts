import { failure, type Outcome, succeeded } from '../engine/outcome.ts';
import type { Workspace } from '../engine/workspace.ts';
import { randomHex } from '../engine/workspace.ts';
import type { Repo } from '../repo/repo.ts';
import type { ComposeJson } from './compose-json.ts';
import type { StackChoice } from './options.ts';
import type { Run, Side } from './run.ts';
import { completeExample, missingVariables, type Surroundings, synthesise } from './synthesise.ts';

/** Environment files that hold somebody's real values: they never go into the copy. */
export function realEnvFiles(repo: Repo): Set<string> {
  return new Set(
    repo.files().filter((file) => {
      const name = file.slice(file.lastIndexOf('/') + 1);
      if (!/^\.env(\..+)?$|\.env$/.test(name) || /(example|sample|template|dist|defaults?)$/.test(name)) return false;
      const tracked = repo.tracked(file);
      // What git carries is in every clone; without git only the usual names are taken for private.
      return tracked === undefined ? /^\.env(\.local|\..*\.local)?$/.test(name) : !tracked;
    }),
  );
}

export interface Resolved {
  readonly model: ComposeJson;
  readonly outcome: Outcome;
  readonly env: Readonly<Record<string, string>>;
}

/** Lets Compose itself read the files in the copy; makes up what it misses, one thing after the other. */
export async function resolveStack(
  run: Run,
  side: Side,
  inputs: string,
  copy: Workspace,
  repo: Repo,
  stack: Extract<StackChoice, { files: readonly string[] }>,
): Promise<Resolved | { readonly failed: Outcome; readonly why: string }> {
  const env: Record<string, string> = { ...run.options.env };
  const images: { name: string; image: string }[] = [];
  const around: Surroundings = { services: images, given: env, secret: () => randomHex(16) };
  const folder = (stack.files[0] ?? '').includes('/') ? (stack.files[0] ?? '').replace(/\/[^/]*$/, '') : '.';
  await ownEnvFile(run, side, inputs, copy, repo, folder === '.' ? '.env' : `${folder}/.env`, around);
  const args = [
    'compose',
    ...stack.files.flatMap((file) => ['--file', copy.at(file)]),
    ...(stack.profiles ?? []).flatMap((profile) => ['--profile', profile]),
    'config',
    '--format',
    'json',
  ];
  for (const file of stack.files) collectImages(repo.text(file) ?? '', images);
  for (let attempt = 0; ; attempt++) {
    const outcome = await run.engine.command(args, { ...run.call, env, cwd: copy.at(folder), seconds: 60 });
    const missing = missingVariables(outcome.stderr).filter((name) => env[name] === undefined);
    const file = /env file (\S+) not found/.exec(outcome.stderr)?.[1];
    if (attempt < 60 && !run.stopped && missing.length > 0) {
      // Passwords first: the URL of a database holds one.
      for (const name of missing.sort((a, b) => Number(/UR[IL]|DSN/.test(a)) - Number(/UR[IL]|DSN/.test(b)))) {
        const made = synthesise(name, around);
        env[name] = made.value;
        if (made.secret) run.options.ledger.hide(made.value);
        run.assume(
          side,
          inputs,
          `${name} has no value: ${made.as} was made up${made.secret ? '' : ` (${made.value})`}`,
        );
      }
      continue;
    }
    if (attempt < 60 && !run.stopped && !succeeded(outcome) && file?.startsWith(`${copy.path}/`) === true) {
      await ownEnvFile(run, side, inputs, copy, repo, file.slice(copy.path.length + 1), around, true);
      continue;
    }
    if (!succeeded(outcome)) {
      const why = failure(outcome, 2).replaceAll(`${copy.path}/`, '');
      return { failed: outcome, why: `${await brokenFile(run, copy, stack.files, outcome)}${why}` };
    }
    return { model: JSON.parse(outcome.stdout) as ComposeJson, outcome, env };
  }
}

/** Compose does not say which of several files is no YAML: each is asked alone. `FILE: `, or nothing. */
async function brokenFile(run: Run, copy: Workspace, files: readonly string[], outcome: Outcome): Promise<string> {
  if (files.length < 2 || !/^(failed to parse|yaml:)/m.test(outcome.stderr)) return '';
  for (const file of files) {
    const alone = await run.engine.command(
      ['compose', '--file', copy.at(file), 'config', '--quiet', '--no-interpolate'],
      run.call,
    );
    if (!succeeded(alone) && /^(failed to parse|yaml:)/m.test(alone.stderr)) return `${file}: `;
  }
  return '';
}

/** Puts an environment file into the copy: the real one when it was given, else one made from its example. */
async function ownEnvFile(
  run: Run,
  side: Side,
  inputs: string,
  copy: Workspace,
  repo: Repo,
  file: string,
  around: Surroundings,
  needed = false,
): Promise<void> {
  if ((await copy.text(file)) !== undefined) return;
  if (run.options.envText !== undefined) {
    await copy.write(file, run.options.envText);
    for (const line of run.options.envText.split('\n')) {
      const value = /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=\s*["']?(.*?)["']?\s*$/.exec(line)?.[1];
      if (value !== undefined) run.options.ledger.hide(value);
    }
    return;
  }
  const stem = file.replace(/\.(local|production|prod|development|dev)$/, '');
  const siblings = [file, stem].flatMap((name) =>
    ['.example', '.sample', '.template', '.dist', '-example', '.defaults'].map((end) => name + end),
  );
  const example = siblings.find((name) => repo.text(name) !== undefined);
  if (example === undefined) {
    if (!needed) return;
    await copy.write(file, '');
    run.assume(side, inputs, `${file} is not in the repository and has no example: an empty one stands for it`);
    return;
  }
  const { text, filled } = completeExample(repo.text(example) ?? '', around);
  for (const made of filled.values()) run.options.ledger.hide(made.value);
  await copy.write(file, text);
  const extra = filled.size === 0 ? '' : `, with made-up values for ${[...filled.keys()].join(', ')}`;
  run.assume(side, inputs, `${file} was made from ${example}${extra}`);
}

/** Names and images as written, for making up URLs before Compose has read the file. */
function collectImages(text: string, images: { name: string; image: string }[]): void {
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    name = /^ {2}([A-Za-z0-9._-]+):\s*(?:#.*)?$/.exec(line)?.[1] ?? name;
    const image = /^\s+image:\s*["']?([^"'\s]+)/.exec(line)?.[1];
    if (image !== undefined && name !== '') images.push({ name, image });
  }
}

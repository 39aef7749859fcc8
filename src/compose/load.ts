import { known } from '../facts/fact.ts';
import type { Repo } from '../repo/repo.ts';
import { linePlace } from '../text/place.ts';
import { checkReferences } from './consistency.ts';
import { readDotenv } from './dotenv.ts';
import { ComposeEnvironment, type EnvironmentSource, exampleOf, missingByDesign, readEnvFiles } from './environment.ts';
import { optional, text } from './fields.ts';
import { EMPTY, LoadState, loadFile, servicesOf } from './loader.ts';
import type { ComposeModel, ComposeService } from './model.ts';
import type { Mapping } from './node.ts';
import type { ComposeProblem } from './problem.ts';
import { folderOf } from './repo-path.ts';
import { readNetworks, readResources, readVolumes } from './resources.ts';
import { readService } from './service.ts';
import type { Field } from './settings.ts';

export interface ComposeOptions {
  /** The environment `docker compose` would run in. Wins over env files. Default: nothing is set. */
  readonly env?: ReadonlyMap<string, string>;
  /** `--env-file`, relative to the repository. Default: `.env` in the project directory, if it is there. */
  readonly envFiles?: readonly string[];
  /** `--profile` and `COMPOSE_PROFILES`; `*` for all. */
  readonly profiles?: readonly string[];
  /** False: examples beside a missing `.env` are not looked at; the repository is taken as it stands. Default: true. */
  readonly examples?: boolean;
  /** `--project-directory`, relative to the repository. Default: the folder of the first file. */
  readonly projectDirectory?: string;
}

/** Reads and merges compose files (repository paths, in the order of `-f`) as Compose v2 does. Never throws for what the files say:
 * see `problems` and `gaps` of the result. */
export function loadCompose(repo: Repo, files: readonly string[], options: ComposeOptions = {}): ComposeModel {
  const state = new LoadState(repo);
  const projectDirectory = options.projectDirectory ?? folderOf(files[0] ?? '');
  const environment = projectEnvironment(repo, projectDirectory, options, state.problems);
  let tree: Mapping = EMPTY;
  for (const file of files) {
    const chain: readonly string[] = [];
    tree = loadFile(state, { file, at: linePlace(file, 1), environment, projectDirectory, chain }, tree);
  }
  if (tree.entries.size === 0 && state.gaps.length === 0) {
    state.problems.push({
      kind: 'inconsistent',
      effect: 'refused',
      at: linePlace(files[0] ?? '', 1),
      text: 'the compose file is empty',
    });
  }
  const name = projectName(tree, environment, projectDirectory, files[0] ?? '', repo);
  const profiles = options.profiles ?? environment.lookup('COMPOSE_PROFILES')?.split(',') ?? [];
  const services = new Map<string, ComposeService>();
  for (const [key, entry] of servicesOf(tree)) {
    if (key.startsWith('x-')) continue;
    const service = readService(key, entry.key, entry.value, {
      repo,
      environment,
      projectDirectory,
      profiles,
      problems: state.problems,
    });
    services.set(key, service);
  }
  const model: ComposeModel = {
    files,
    loaded: [...state.files],
    projectDirectory,
    name,
    services,
    networks: readNetworks(tree, services),
    volumes: readVolumes(tree),
    secrets: readResources(tree, 'secrets', projectDirectory),
    configs: readResources(tree, 'configs', projectDirectory),
    variables: environment.variables(),
    missingByDesign: environment.missingByDesign,
    problems: state.problems,
    gaps: state.gaps,
    tree,
  };
  const problems = unique([...state.problems, ...checkReferences(model)]);
  return { ...model, problems };
}

function projectEnvironment(
  repo: Repo,
  folder: string,
  options: ComposeOptions,
  problems: ComposeProblem[],
): ComposeEnvironment {
  const outer = new Map<string, EnvironmentSource>();
  const here = linePlace('', 1);
  for (const [key, value] of options.env ?? []) {
    outer.set(key, { value, reason: { kind: 'derived', at: here, text: `${key} is set in the environment` } });
  }
  const usual = folder === '' ? '.env' : `${folder}/.env`;
  const files = options.envFiles ?? [usual];
  const read = readEnvFiles(repo, files, outer);
  problems.push(...read.problems);
  const missing: { file: string; sign: string }[] = [];
  const examples = new Map<string, { at: typeof here; value: string }>();
  for (const file of files) {
    if (repo.entry(file) !== undefined || options.examples === false) continue;
    const sign = missingByDesign(repo, file);
    if (sign === undefined) continue;
    missing.push({ file, sign });
    const example = exampleOf(repo, file);
    const source = example === undefined ? undefined : repo.text(example);
    if (example === undefined || source === undefined) continue;
    for (const entry of readDotenv(example, source, (key) => outer.get(key)?.value).entries.values()) {
      if (entry.value !== undefined) examples.set(entry.name, { at: entry.at, value: entry.value });
    }
  }
  return new ComposeEnvironment(read.values, examples, missing);
}

/** The project's name: COMPOSE_PROJECT_NAME, `name:`, else the folder's. */
function projectName(
  tree: Mapping,
  environment: ComposeEnvironment,
  folder: string,
  file: string,
  repo: Repo,
): Field<string> {
  const given = environment.values.get('COMPOSE_PROJECT_NAME');
  const at = linePlace(file, 1);
  if (given !== undefined && given.value !== '') return { fact: known(given.value, given.reason), at, replaced: [] };
  const written = optional(tree, 'name', text);
  if (written !== undefined) return written;
  const last = (folder === '' ? repo.name : folder).split(/[/\\]/).pop() ?? '';
  const name = last
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return { fact: known(name, { kind: 'default', at, text: 'the name of the folder' }), at, replaced: [] };
}

function unique(problems: readonly ComposeProblem[]): readonly ComposeProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.at.file}:${problem.at.line}:${problem.at.column}:${problem.text}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

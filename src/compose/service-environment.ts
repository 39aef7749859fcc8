import { known, type Reason, unknown } from '../facts/fact.ts';
import { readDotenv } from './dotenv.ts';
import { exampleOf, missingByDesign } from './environment.ts';
import { fieldOf, pairsOf, pathField, text } from './fields.ts';
import { at, itemsOf, type Mapping } from './node.ts';
import type { ServiceContext } from './service.ts';
import type { EnvFileUse, EnvironmentEntry, ServiceEnvironment } from './settings.ts';

/** A service's variables: env files in order, then `environment`, which wins. */
export function readEnvironment(
  service: string,
  node: Mapping,
  context: ServiceContext,
): { readonly environment: ServiceEnvironment; readonly envFiles: readonly EnvFileUse[] } {
  const entries = new Map<string, EnvironmentEntry>();
  const open: Reason[] = [];
  const own = new Map<string, EnvironmentEntry>();
  for (const pair of pairsOf(at(node, 'environment'))) own.set(pair.name, ownEntry(pair, context));
  const envFiles = itemsOf(at(node, 'env_file')).flatMap((item) => envFile(item, context));
  for (const use of envFiles) {
    const path = use.path.fact.known ? use.path.fact.value.path : undefined;
    const source = path === undefined ? undefined : context.repo.text(path);
    if (path === undefined || source === undefined) {
      open.push({
        kind: 'compose',
        at: use.at,
        text: `the env file ${use.path.fact.known ? use.path.fact.value.written : ''} is not in the repository`,
      });
      continue;
    }
    const lookup = (name: string) => {
      const outer = context.environment.lookup(name);
      const mine = own.get(name)?.fact;
      const before = entries.get(name)?.fact;
      return outer ?? (mine?.known === true ? mine.value : before?.known === true ? before.value : undefined);
    };
    const read = readDotenv(path, source, lookup);
    if (read.error !== undefined) {
      context.problems.push({ kind: 'env-file', effect: 'refused', service, ...read.error });
      open.push({ kind: 'compose', at: read.error.at, text: `${path} could not be read as a whole` });
    }
    for (const entry of read.entries.values()) {
      if (entry.value === undefined) continue;
      const fact = known(entry.value, { kind: 'compose', at: entry.at, text: `${entry.name} is set in ${path}` });
      entries.set(entry.name, { name: entry.name, from: 'env_file', fact, at: entry.at, replaced: [] });
    }
  }
  for (const [name, entry] of own) entries.set(name, entry);
  return { environment: { entries, open }, envFiles };
}

function ownEntry(pair: ReturnType<typeof pairsOf>[number], context: ServiceContext): EnvironmentEntry {
  if (pair.value !== undefined) {
    return { name: pair.name, from: 'environment', ...fieldOf(pair.value, `environment ${pair.name}`, text) };
  }
  const source = context.environment.values.get(pair.name);
  const here: Reason = { kind: 'compose', at: pair.at, text: `environment ${pair.name} has no value here` };
  const fact =
    source === undefined
      ? unknown(`${pair.name} is passed on from the environment of docker compose`, here)
      : known(source.value, here, source.reason);
  return { name: pair.name, from: 'passed', fact, at: pair.at, replaced: [] };
}

function envFile(item: Parameters<typeof at>[0], context: ServiceContext): readonly EnvFileUse[] {
  const node = at(item, 'path');
  if (item === undefined || node === undefined) return [];
  const path = pathField(node, 'env_file', context.projectDirectory);
  const required = at(item, 'required');
  const file = path.fact.known ? path.fact.value.path : undefined;
  const example = file === undefined ? undefined : exampleOf(context.repo, file);
  const state =
    file === undefined
      ? 'unknown'
      : context.repo.entry(file) !== undefined
        ? 'present'
        : missingByDesign(context.repo, file) !== undefined
          ? 'by-design'
          : 'missing';
  return [
    {
      path,
      required: !(required?.kind === 'scalar' && required.value === false),
      state,
      at: node.at,
      ...(example === undefined ? {} : { example }),
    },
  ];
}

import type { Repo } from '../repo/repo.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';

/** Parsed files by repository: the same file takes part in many combinations, and a repository never changes. */
const PARSED = new WeakMap<Repo, Map<string, YamlFile | undefined>>();

/** A YAML file of a repository, read once; undefined when its text cannot be had. */
export function yamlOf(repo: Repo, file: string): YamlFile | undefined {
  const known = PARSED.get(repo) ?? new Map<string, YamlFile | undefined>();
  PARSED.set(repo, known);
  if (!known.has(file)) {
    const text = repo.text(file);
    known.set(file, text === undefined ? undefined : readYaml(file, text));
  }
  return known.get(file);
}

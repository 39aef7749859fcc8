import { readDotenv } from '../compose/dotenv.ts';
import { exampleOf } from '../compose/environment.ts';
import type { Stack } from '../model/types.ts';
import type { Place } from '../text/place.ts';

/** What people set for a stack: the template of its `.env` file, or the file itself where git has it. */
export interface EnvTemplate {
  readonly path: string;
  /** True: the template. False: the file itself. */
  readonly template: boolean;
  readonly entries: ReadonlyMap<string, { readonly value: string; readonly at: Place }>;
}

/** The `.env` beside a stack's files, or the template for it. */
export function envTemplate(stack: Stack): EnvTemplate | undefined {
  const { repo, model } = stack;
  const own = model.projectDirectory === '' ? '.env' : `${model.projectDirectory}/.env`;
  const example = exampleOf(repo, own);
  const there = repo.entry(own) !== undefined && repo.gitIgnored(own) !== true;
  const path = there ? own : example;
  const text = path === undefined ? undefined : repo.text(path);
  if (path === undefined || text === undefined) return undefined;
  const entries = new Map<string, { value: string; at: Place }>();
  for (const entry of readDotenv(path, text, () => undefined).entries.values())
    if (entry.value !== undefined) entries.set(entry.name, { value: entry.value, at: entry.at });
  return { path, template: !there, entries };
}

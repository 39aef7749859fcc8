import { readDotenv } from '../compose/dotenv.ts';
import { exampleOf } from '../compose/environment.ts';
import type { Service } from '../model/types.ts';
import type { EnvRead } from '../source/env-read.ts';
import type { ProcessSource } from '../source/source.ts';
import { folderOf, joinPath } from '../source/source-tree.ts';
import { literally, speaksOf } from './speaks-of.ts';

/** Where a variable comes from that the stack does not set: from a file, perhaps from one, or from nowhere as far as the repository
 * tells. `templates`: of the files that people make themselves, which do not name it; empty: there are no such files. */
export type Elsewhere =
  | { readonly from: 'file' }
  | { readonly from: 'unsure'; readonly why: string }
  | { readonly from: 'nowhere'; readonly templates: readonly string[] };

const unsure = (why: string): Elsewhere => ({ from: 'unsure', why });

export function variableElsewhere(service: Service, application: ProcessSource, read: EnvRead): Elsewhere {
  const { environment, context } = application;
  if (environment.secretFolders.length > 0) return unsure(`the application may load ${read.name} from a file`);
  for (const { path } of environment.files) {
    if (!path.known) return unsure(`the application may load ${read.name} from a file`);
    for (const folder of above(context.cwd)) {
      const file = joinPath(folder, path.value);
      const look = context.tree.look(file);
      if (look === 'unknown') return unsure(`${file} may set ${read.name}`);
      const text = look === 'file' ? context.tree.text(file) : undefined;
      if (look === 'file' && (text === undefined || names(text, read))) return { from: 'file' };
    }
  }
  const { compose, image, stack } = service;
  if (!image.known) return unsure(image.why);
  const { open } = compose.environment;
  const made = compose.envFiles.filter(({ path: { fact } }) => {
    const file = fact.known ? fact.value.path : undefined;
    return file !== undefined && stack.repo.text(file) === undefined;
  });
  const templates = new Set(made.flatMap(({ example }) => (example === undefined ? [] : [example])));
  if (open[0] !== undefined && templates.size < open.length) return unsure(open[0].text);
  // dotenv of Node looks in the folder of the process only, and the file is certainly not there.
  const closed = environment.files.length === 0 || application.launch.language === 'node';
  if (open.length === 0 && closed) return { from: 'nowhere', templates: [] };
  if (templates.size === 0) for (const path of templatesOf(service)) templates.add(path);
  if (templates.size === 0) return unsure(`the application may load ${read.name} from a file`);
  const teller = toldBy(service, read);
  return teller === undefined
    ? { from: 'nowhere', templates: [...templates] }
    : unsure(`${teller} speaks of ${read.name}`);
}

/** Templates of the `.env` files that lie where the build or the stack finds them. */
function templatesOf({ stack, target }: Service): readonly string[] {
  const folders = new Set([stack.model.projectDirectory, '']);
  if (target !== undefined && target.context.kind !== 'remote') folders.add(target.contextDir);
  return [...folders].flatMap((folder) => exampleOf(stack.repo, folder === '' ? '.env' : `${folder}/.env`) ?? []);
}

/** A document, script, template or env file that names it: people are told of it. */
function toldBy({ stack: { repo } }: Service, read: EnvRead): string | undefined {
  const name = new RegExp(`\\b${literally(read.name)}\\b`, read.ignoreCase ? 'i' : '');
  const told = speaksOf(repo, name);
  if (told !== undefined) return told;
  return repo.files().find((file) => /(?:^|\/)[^/]*\.?env[^/]*$/i.test(file) && name.test(repo.text(file) ?? ''));
}

function names(text: string, { name, ignoreCase }: EnvRead): boolean {
  const there = [...readDotenv('.env', text, () => undefined).entries.keys()];
  return ignoreCase ? there.some((n) => n.toLowerCase() === name.toLowerCase()) : there.includes(name);
}

/** A folder and those above it. */
function above(folder: string): readonly string[] {
  const out = [folder];
  for (let at = folder; at !== '' && at !== '/'; ) {
    at = folderOf(at);
    out.push(at);
  }
  return out;
}

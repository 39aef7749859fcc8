import { known } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { readPackageJson } from '../node/package-json.ts';
import { joinPath } from '../source-tree.ts';
import { type Draft, type LaunchContext, unknownLaunch } from './context.ts';
import type { EntryPoint, EntryStatus } from './launch.ts';

export interface ScriptStep {
  readonly line: string;
  readonly text: string;
  readonly at: Place;
  readonly context: LaunchContext;
  readonly missing?: Draft;
}

const BUILTIN =
  /^(install|i|ci|add|remove|rm|audit|publish|pack|cache|config|init|link|list|ls|outdated|prune|rebuild|update|up|version|why|store|deploy|import|fetch|workspaces?|set|help|create|x|exec|dlx|plugin|info|node)$/;

/** Names that no command of node_modules has. */
const SCRIPTS = /^(start|dev|prod|production)$|:/;

/** `npm run x`, `npm start`, `yarn x`, `pnpm x`, `bun run x`: the line of package.json. */
export function packageScript(name: string, argv: readonly string[], context: LaunchContext): ScriptStep | undefined {
  if (!/^(npm|pnpm|yarn|yarnpkg|bun)$/.test(name)) return undefined;
  let folder = context.cwd;
  const words: string[] = [];
  const rest: string[] = [];
  const chosen = workspaceOf(name, argv, context);
  if (chosen === 'several') return undefined;
  if (chosen !== undefined) folder = chosen.folder;
  const line = chosen?.argv ?? argv;
  for (let i = 1; i < line.length; i++) {
    const word = line[i] ?? '';
    if (word === '--') {
      rest.push(...line.slice(i + 1));
      break;
    }
    if (/^(--prefix|-C|--cwd|--dir)$/.test(word)) folder = joinPath(context.cwd, line[++i] ?? '');
    else if (/^(--prefix|--cwd|--dir)=/.test(word)) folder = joinPath(context.cwd, word.slice(word.indexOf('=') + 1));
    else if (words.length === 0 && word.startsWith('-')) continue;
    else if (name === 'npm' && word.startsWith('-')) continue;
    else if (words.length > 0 && !(words.length === 1 && /^(run|run-script)$/.test(words[0] ?? ''))) rest.push(word);
    else words.push(word);
  }
  const runs = /^(run|run-script)$/.test(words[0] ?? '');
  const script = runs ? words[1] : words[0] === 't' ? 'test' : words[0];
  if (script === undefined || (!runs && BUILTIN.test(script)) || (name === 'bun' && !runs)) return undefined;
  const manifest = readPackageJson(context.tree, folder);
  const text = `${name} ${words.join(' ')}`;
  if (!manifest) return undefined;
  const found = manifest.scripts.get(script);
  const inner = { ...context, cwd: folder };
  const standard =
    script === 'start' && context.tree.look(joinPath(folder, 'server.js')) === 'file' ? 'node server.js' : undefined;
  const body = found ?? standard;
  if (body === undefined) {
    // yarn and pnpm fall back to commands of node_modules/.bin.
    if (name !== 'npm' && !runs && !SCRIPTS.test(script))
      return { line: [script, ...rest].join(' '), text, at: manifest.place('scripts'), context: inner };
    const entry: EntryPoint = {
      written: script,
      kind: 'script',
      file: manifest.file,
      status: known<EntryStatus>(
        {
          found: false,
          missing: 'script',
          text: `package.json has no script ${script}`,
          near: [...manifest.scripts.keys()].slice(0, 12),
        },
        { kind: 'source', at: manifest.place('scripts'), text: `there is no script ${script} here` },
      ),
    };
    return {
      line: '',
      text,
      at: manifest.place('scripts'),
      context: inner,
      missing: { ...unknownLaunch(name, 'node', `package.json has no script ${script}`), entry },
    };
  }
  return {
    line:
      rest.length > 0
        ? `${body} ${rest.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`
        : body,
    text,
    at: manifest.place('scripts', script),
    context: inner,
  };
}

/** The one package that options choose (`-w web`, `--filter web`, `yarn workspace web`), and the line without them; `several` where they choose more,
 * or one that is not found. */
function workspaceOf(
  name: string,
  argv: readonly string[],
  context: LaunchContext,
): { readonly folder: string; readonly argv: readonly string[] } | 'several' | undefined {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findIndex((word, i) =>
    name.startsWith('yarn')
      ? word === 'workspace' && i === 1
      : /^(-w|--workspace|--filter|-F|-r|--recursive|--workspaces)(=|$)/.test(word),
  );
  if (at < 0) return undefined;
  const word = words[at] ?? '';
  const inline = word.includes('=');
  const wanted = inline ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '');
  const more = words.slice(at + 1).some((other) => /^(-w|--workspace|--filter|-F)(=|$)/.test(other));
  const folder = /^(-r|--recursive|--workspaces)/.test(word) || more ? undefined : folderOfPackage(wanted, context);
  return folder === undefined
    ? 'several'
    : { folder, argv: [...argv.slice(0, at), ...argv.slice(at + (inline ? 1 : 2))] };
}

/** The folder, at most two below the one of the process, whose package has a name. */
function folderOfPackage(name: string, { cwd, tree }: LaunchContext): string | undefined {
  if (tree.look(joinPath(cwd, `${name}/package.json`)) === 'file') return joinPath(cwd, name);
  const below = (folder: string): readonly string[] =>
    tree.names(folder).flatMap((one) => (one === 'node_modules' || one.startsWith('.') ? [] : [joinPath(folder, one)]));
  const first = below(cwd);
  return [...first, ...first.flatMap(below)].find(
    (folder) => tree.look(joinPath(folder, 'package.json')) === 'file' && readPackageJson(tree, folder)?.name === name,
  );
}

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

/** `npm run x`, `npm start`, `yarn x`, `pnpm x`, `bun run x`: the line of package.json. */
export function packageScript(name: string, argv: readonly string[], context: LaunchContext): ScriptStep | undefined {
  if (!/^(npm|pnpm|yarn|yarnpkg|bun)$/.test(name)) return undefined;
  let folder = context.cwd;
  const words: string[] = [];
  const rest: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      rest.push(...argv.slice(i + 1));
      break;
    }
    if (/^(--prefix|-C|--cwd|--dir)$/.test(word)) folder = joinPath(context.cwd, argv[++i] ?? '');
    else if (/^(--prefix|--cwd|--dir)=/.test(word)) folder = joinPath(context.cwd, word.slice(word.indexOf('=') + 1));
    else if (/^(-w|--workspace|--filter|-F|-r|--recursive|--workspaces)(=|$)/.test(word)) return undefined;
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
  const chosen = found ?? standard;
  if (chosen === undefined) {
    // yarn and pnpm fall back to commands of node_modules/.bin.
    if (name !== 'npm' && !runs)
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
        ? `${chosen} ${rest.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`
        : chosen,
    text,
    at: manifest.place('scripts', script),
    context: inner,
  };
}

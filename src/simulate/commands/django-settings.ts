import type { Call } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { kindAt, textAt } from './paths.ts';

/** Django's settings as manage.py loads them. */
export interface DjangoSettings {
  /** Statements of the module and of those it takes everything from, without what stands in blocks and functions. */
  readonly run: readonly string[];
  /** The text of them all. */
  readonly whole: string;
  /** Every module was found. */
  readonly complete: boolean;
  readonly path: string;
}

/** The settings module of a manage.py; undefined where it is not known. */
export function djangoSettings(
  call: Call,
  state: ImageState,
  script: string,
  option: string | undefined,
): DjangoSettings | undefined {
  const folder = script.slice(0, script.lastIndexOf('/')) || '/';
  const manage = textAt(state, script) ?? '';
  const variable = call.env.get('DJANGO_SETTINGS_MODULE');
  const set = /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(manage)?.[1];
  const module = option ?? (variable === undefined ? set : variable.known ? variable.value : undefined);
  if (module === undefined || call.envOpen) return undefined;
  const texts: string[] = [];
  let complete = true;
  const seen = new Set<string>();
  const read = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const base = joinPath(folder, name.replace(/\./g, '/'));
    const isPackage = kindAt(state, `${base}.py`) !== 'file' && kindAt(state, `${base}/__init__.py`) === 'file';
    const text = textAt(state, isPackage ? `${base}/__init__.py` : `${base}.py`);
    if (text === undefined) {
      complete = false;
      return;
    }
    const around = isPackage ? name : name.split('.').slice(0, -1).join('.');
    for (const [, dots = '', rest = ''] of text.matchAll(/^from\s+(\.*)([\w.]*)\s+import\s+\*/gm)) {
      const up = around.split('.').slice(0, around.split('.').length - Math.max(0, dots.length - 1));
      read(dots === '' ? rest : [...up, rest].filter(Boolean).join('.'));
    }
    texts.push(text.replace(/^\s*#.*$/gm, ''));
  };
  read(module);
  const whole = texts.join('\n');
  return texts.length === 0
    ? undefined
    : { run: topLevel(whole), whole, complete, path: joinPath(folder, `${module.replace(/\./g, '/')}.py`) };
}

/** Statements that run whenever the module is loaded, each in one piece: none of functions, classes and blocks. */
function topLevel(text: string): readonly string[] {
  const out: string[] = [];
  let depth = 0;
  for (const line of text.replace(/("""|''')[\s\S]*?\1/g, '""').split('\n')) {
    // What is indented, or only closes a bracket, belongs to what began before it: to a block where no bracket of ours is open.
    const begins = /^[\w@"'([{]/.test(line);
    if (depth > 0) out.push(`${out.pop() ?? ''}\n${line}`);
    else if (begins && !BLOCK.test(line)) out.push(line);
    else continue;
    const code = line.replace(/(['"])(?:\\.|(?!\1).)*\1/g, '').replace(/#.*/, '');
    depth = Math.max(0, depth + (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0));
  }
  return out;
}

const BLOCK = /^(?:(?:def|class|if|elif|else|try|except|finally|for|while|with|async|match|case)\b|@)/;

/** The first variable that loading the settings demands and nothing gives, with what Python says of it. */
export function missingVariable(
  call: Call,
  state: ImageState,
  settings: DjangoSettings,
  folder: string,
): { readonly name: string; readonly says: string } | undefined {
  // Files of variables that the settings may read.
  const above = ['.env', 'settings.ini', '.env.local', 'config/.env'].map((name) => joinPath(folder, name));
  const parent = folder.slice(0, folder.lastIndexOf('/')) || '/';
  const files = [...above, joinPath(parent, '.env')].some(
    (path) => kindAt(state, path) === 'file' || kindAt(state, path) === 'symlink',
  );
  const reads = /dotenv|read_env|decouple|environs|environ\.Env/.test(settings.whole);
  if (files && reads) return undefined;
  for (const line of settings.run) {
    if (/\bif\b|\bor\b|\band\b|\blambda\b|in os\.environ/.test(line)) continue;
    const [, name, assigned] = /os\.environ\[\s*['"](\w+)['"]\s*\](\s*=(?!=))?/.exec(line) ?? [];
    if (name !== undefined && assigned === undefined && lacks(call, settings, name))
      return { name, says: `KeyError: '${name}'` };
    const asked = /(?<![\w.])config\(\s*['"](\w+)['"]\s*(?:,\s*cast\s*=\s*[\w.]+(?:\(\))?)?\s*\)/.exec(line)?.[1];
    if (asked !== undefined && /from decouple import/.test(settings.whole) && lacks(call, settings, asked))
      return { name: asked, says: `${asked} not found` };
    const own = /(?<![\w.])env(?:\.\w+)?\(\s*['"](\w+)['"]\s*\)/.exec(line)?.[1];
    const scheme = own !== undefined && new RegExp(`\\b${own}\\s*=\\s*\\(`).test(settings.whole);
    if (own !== undefined && !scheme && /environ\.Env\(/.test(settings.whole) && lacks(call, settings, own))
      return { name: own, says: `Set the ${own} environment variable` };
  }
  return undefined;
}

function lacks(call: Call, { whole }: DjangoSettings, name: string): boolean {
  const set = new RegExp(`environ(?:\\.setdefault\\(|\\[)\\s*['"]${name}['"]\\s*(?:,|\\]\\s*=(?!=))`).test(whole);
  return !call.env.has(name) && !set && !call.mounts.some(({ type }) => type === 'secret');
}

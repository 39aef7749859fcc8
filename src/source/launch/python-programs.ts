import { known } from '../../facts/fact.ts';
import { type PythonApplication, searchPath } from '../python/application.ts';
import { type Draft, type LaunchContext, unknownLaunch, variable } from './context.ts';
import type { EntryPoint, EntryStatus } from './launch.ts';

/** The Python program a process would import from, with the context's extra folders. */
export function pythonOf(context: LaunchContext, cwd: string = context.cwd, scriptFile?: string): PythonApplication {
  const set = variable(context, 'PYTHONPATH');
  const path = searchPath(cwd, set?.known ? set.value : undefined, scriptFile);
  const roots = [...path.roots, ...context.pythonRoots.filter((root) => !path.roots.includes(root))];
  return context.programs.python(roots);
}

/** First word that is neither an option nor the value of one. */
export function positional(argv: readonly string[], flags: ReadonlySet<string>, skip = 0): string | undefined {
  let left = skip;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') continue;
    if (!word.startsWith('-')) {
      if (left === 0) return word;
      left--;
    } else if (!word.includes('=') && !flags.has(word) && (word.startsWith('--') || word.length === 2)) i++;
  }
  return undefined;
}

export function fromVariable(context: LaunchContext, name: string): string | undefined {
  const fact = variable(context, name);
  if (!fact) return undefined;
  return fact.known ? fact.value : `$${name}`;
}

/** A script that is not there, with files of its name elsewhere. */
export function missingScript(path: string, base: Pick<EntryPoint, 'written' | 'kind'>, context: LaunchContext): Draft {
  const name = path.split('/').at(-1)?.replace(/\.py$/, '') ?? path;
  const near = pythonOf(context)
    .modulesNear(name)
    .map((module) => `${module.replaceAll('.', '/')}.py`);
  return {
    ...unknownLaunch('python', 'python', `there is no ${path}`),
    entry: {
      ...base,
      status: known<EntryStatus>({ found: false, missing: 'file', text: `there is no ${path}`, near }),
    },
  };
}

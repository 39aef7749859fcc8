import { linePlace } from '../text/place.ts';
import type { EnvReads } from './env-read.ts';
import { folderAbove, nodeOf } from './launch/node-programs.ts';
import { pythonEnvironment } from './python/environment.ts';
import { pythonEntries } from './python/process.ts';
import type { ProcessSource } from './source.ts';

/** Environment variables that the code reached from the entry of a process reads. */
export function environmentOf(source: ProcessSource): EnvReads {
  const { launch, context } = source;
  const { entry, language } = launch;
  if (entry?.file === undefined || entry.kind === 'script')
    return nothingRead(source, 'the code that runs is not known');
  if (language === 'node') return nodeOf(context, folderAbove(entry.file, context)).environment(entry.file, []);
  const { program } = source.python();
  const modules = program.reach(pythonEntries(source));
  return pythonEnvironment(program, modules, new Set(modules));
}

/** Nothing is known of what is read, with why. */
export function nothingRead({ launch, context }: ProcessSource, why: string): EnvReads {
  const at = linePlace(context.tree.origin(launch.entry?.file ?? context.cwd), 1);
  return { reads: [], files: [], secretFolders: [], open: [{ kind: 'derived', at, text: why }] };
}

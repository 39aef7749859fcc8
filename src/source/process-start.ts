import { type Fact, known, unknown } from '../facts/fact.ts';
import { folderAbove, nodeOf } from './launch/node-programs.ts';
import { loadedPackages } from './program/loaded.ts';
import type { ProcessSource } from './source.ts';
import { commandWrites, nodeStartWrites, pythonStartWrites, type StartWrite } from './start-writes.ts';
import { unlessTooDeep } from './too-deep.ts';

/** Packages that are loaded while a process starts, by the names they are imported by. */
export function loadedBy(source: ProcessSource): Fact<readonly string[]> {
  const { entry, language, program } = source.launch;
  if (language === 'other' || entry?.file === undefined || entry.kind === 'script')
    return unknown(`what ${program} loads is not known`);
  const { file } = entry;
  const found = unlessTooDeep(() => {
    const application =
      language === 'python' ? source.python() : nodeOf(source.context, folderAbove(file, source.context));
    const module = application.program.load(file);
    return module === undefined ? undefined : loadedPackages(application.program, module);
  });
  return found === undefined ? unknown(`${file} cannot be read`) : known([...found]);
}

/** What a process writes while it starts: its command lines, and the code that it loads. */
export function writtenAtStart(source: ProcessSource): readonly StartWrite[] {
  const { launch, context } = source;
  const { entry, language } = launch;
  const said = [...(launch.before ?? []), launch].flatMap(commandWrites);
  const coded = unlessTooDeep((): readonly StartWrite[] => {
    if (entry?.file === undefined && entry?.status.known === false)
      return [{ path: unknown(entry.status.why), kind: 'file', text: 'what it loads is not known' }];
    if (entry?.file === undefined || entry.kind === 'script') return [];
    const { program } = language === 'python' ? source.python() : nodeOf(context, folderAbove(entry.file, context));
    const module = language === 'other' ? undefined : program.load(entry.file);
    if (module === undefined) return [];
    return language === 'python'
      ? pythonStartWrites(program, [module], context)
      : nodeStartWrites(program, module, context);
  });
  return [...said, ...(coded ?? [])];
}

/** The public API of Plimsoll. Everything else may change without notice. */
import { readDataFromFiles } from './repo/data-files.ts';

readDataFromFiles();

export { dumpAst } from './dockerfile/dump.ts';
export { type IgnorePatterns, parseIgnore } from './dockerfile/ignore-file.ts';
export { matchIgnore } from './dockerfile/ignore-matcher.ts';
export { expandWord } from './dockerfile/lex.ts';
export { parseDockerfile } from './dockerfile/parse.ts';
export type { Dockerfile, Instruction, Stage } from './dockerfile/types.ts';
export type { Fact, Presence, Reason } from './facts/fact.ts';
export { openDirectory } from './repo/directory.ts';
export { memoryRepo } from './repo/memory.ts';
export type { Repo } from './repo/repo.ts';
export { type CheckOptions, checkRepo } from './report/check-repo.ts';
export type { CheckReport } from './report/report.ts';
export type { Finding, Inconclusive } from './rules/finding.ts';
export type { Edit } from './text/edit.ts';
export type { Place } from './text/place.ts';

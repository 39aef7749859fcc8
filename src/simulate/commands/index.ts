import type { CommandModel } from '../command-model.ts';
import { succeeded } from '../command-model.ts';
import { mkdir } from './mkdir.ts';

/** Effect models by command name (last component of what is typed). Built-ins that change the shell itself (`cd`, `export`,
 * `set`, `exit` …) belong to the walk. */
export const commandModels: ReadonlyMap<string, CommandModel> = new Map<string, CommandModel>([
  ['true', (_call, state) => succeeded(state, [], '')],
  [':', (_call, state) => succeeded(state, [], '')],
  ['false', (_call, state) => ({ state, exit: { status: 'fails', code: 1, failures: [] }, effects: [] })],
  ['mkdir', mkdir],
]);

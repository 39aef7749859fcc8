import { type Fact, known } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';

/** The words of `command:` and `entrypoint:` of compose; empty where neither is written. */
export function wordsOfCommand({ compose }: Service): Fact<readonly string[]> {
  const entrypoint = compose.entrypoint?.fact ?? known([]);
  const command = compose.command?.fact ?? known([]);
  if (!entrypoint.known) return entrypoint;
  return command.known ? known([...entrypoint.value, ...command.value], ...command.because) : command;
}

import { change } from '../change.ts';
import { type CommandModel, failed, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import { inputFailure } from './node-build-inputs.ts';
import { knownTexts } from './options.ts';

/** Checkers and test runners write nothing that an image needs; they are assumed to pass. */
export const nodeCheck: CommandModel = (call, state) => {
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason);
  for (const folder of ['coverage', '.eslintcache', 'test-results'])
    result.assumeBelow(joinPath(call.cwd.value, folder), `${call.name} may write it`);
  return { state: result.state, exit: { status: 'unknown', why: `${call.name} may find fault` }, effects: [] };
};

/** prisma generate: a client in node_modules, or where the schema says. */
export const prisma: CommandModel = (call, state) => {
  const words = knownTexts(call.argv.slice(1));
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason).fill(
    joinPath(call.cwd.value, 'node_modules'),
    'prisma generates its client in it',
  );
  // It writes new files where the schema says; what is there stays.
  result.open(call.cwd.value, 'prisma may generate its client where the schema says');
  const effects = ['generates the Prisma client'];
  const missing = words?.[0] === 'generate' ? inputFailure(call, state, call.cwd.value, words.slice(1)) : undefined;
  return missing === undefined
    ? succeeded(result.state, effects)
    : failed(state, [missing], { repaired: result.state, effects });
};

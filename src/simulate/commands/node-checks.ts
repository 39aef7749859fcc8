import { change } from '../change.ts';
import { type CommandModel, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';

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
  if (!call.cwd.known) return undefined;
  const result = change(state, call.reason).fill(
    joinPath(call.cwd.value, 'node_modules'),
    'prisma generates its client in it',
  );
  result.fill(call.cwd.value, 'prisma may generate its client where the schema says');
  return succeeded(result.state, ['generates the Prisma client']);
};

// Which engine work runs on. Looks only: nothing is set up or started here (bring-up.mjs does).
// node e2e/engine/env.mjs   prints shell lines for `eval`, and the reason on standard error
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownDocker } from './own.mjs';
import { environmentOf, isRunning, privateEngine } from './private.mjs';

/**
 * PLIMSOLL_ENGINE=own|private|none decides instead of looking.
 * @returns {Promise<import('./env.d.mts').EngineEnvironment>}
 */
export async function engineEnvironment() {
  const wanted = process.env.PLIMSOLL_ENGINE;
  if (wanted === 'none') return { kind: 'none', env: {}, why: 'PLIMSOLL_ENGINE=none' };
  const { root } = privateEngine();
  let reason = 'PLIMSOLL_ENGINE=private';
  if (wanted !== 'private') {
    const own = await ownDocker();
    if (own.usable || (wanted === 'own' && own.answers)) return { kind: 'own', env: {}, why: own.why };
    if (wanted === 'own') return { kind: 'none', env: {}, why: own.why };
    reason = own.why;
  }
  if (await isRunning(root))
    return { kind: 'private', env: environmentOf(root), why: `the private engine in ${root} (${reason})` };
  return { kind: 'none', env: {}, why: reason };
}

const quote = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { kind, env, why } = await engineEnvironment();
  process.stderr.write(`${kind}: ${why}\n`);
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  process.stdout.write(lines.join(''));
  process.exitCode = kind === 'none' ? 1 : 0;
}

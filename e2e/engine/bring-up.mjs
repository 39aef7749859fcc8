// Makes an engine available: the user's own, the private one that is there, or a new private one after asking.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { engineEnvironment } from './env.mjs';
import { isComplete, otherEngines, plan, privateEngine, whyImpossible } from './private.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const canAsk = () => Boolean(process.stdin.isTTY && process.stdout.isTTY && !process.env.CI);

async function agreed() {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-D ends the question without an answer: that is a no.
    const closed = new Promise((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question('Set it up now? [y/N] '), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

function provision({ script, variables }) {
  return new Promise((resolve) => {
    const child = spawn('bash', [script('up')], {
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    // Ctrl-C reaches the script by itself; we wait for it to clean up.
    const ignore = () => say('stopping …');
    process.on('SIGINT', ignore);
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? signal);
    });
  });
}

/** @returns {Promise<import('./env.d.mts').EngineEnvironment>} */
export async function bringUp() {
  const found = await engineEnvironment();
  if (found.kind !== 'none' || process.env.PLIMSOLL_ENGINE === 'none' || process.env.PLIMSOLL_ENGINE === 'own')
    return found;
  const engine = privateEngine();
  const impossible = await whyImpossible(engine.root);
  if (impossible !== undefined) return { ...found, why: `${found.why}; ${impossible}` };

  if (isComplete(engine.root)) {
    say(`Starting the private engine in ${engine.root} (${found.why}).`);
  } else {
    say(`No engine that can be used: ${found.why}.`);
    say(existsSync(engine.root) ? 'A private one was begun and can be completed:' : 'A private one can be set up:');
    for (const line of await plan(engine)) say(`  ${line}`);
    for (const folder of otherEngines(engine.root))
      say(`  also there ${folder} (of another version; npm run engine:down -- --all --purge removes it)`);
    if (canAsk() && !(await agreed())) return { ...found, why: `${found.why}; a private engine was declined` };
  }
  const exit = await provision(engine);
  if (exit === 0) {
    const now = await engineEnvironment();
    return now.kind === 'none' ? { ...now, why: `${now.why}; the private engine was set up but does not answer` } : now;
  }
  return {
    ...found,
    why: `${found.why}; the private engine could not be set up (exit ${exit}, logs in ${engine.root}/log)`,
  };
}

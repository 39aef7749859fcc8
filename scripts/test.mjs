// npm test: on a fresh machine with Node and npm, everything: install, check, e2e. Ends with one line of counts.
import { runChecks } from './check.mjs';
import { runE2e } from './e2e.mjs';
import { add } from './lanes.mjs';
import { install, isInstalled, requireNode } from './project.mjs';

requireNode();
const say = (line) => process.stdout.write(`${line}\n`);
if (!isInstalled()) say('Installing what package-lock.json lists …');
const fault = await install();
if (fault !== undefined) {
  say(`${fault}\n0 passed, 1 failed`);
  process.exit(1);
}
say('\n— check —');
const checked = await runChecks();
say('\n— e2e —');
const { passed, failed, skipped } = add(checked, await runE2e({ build: false }));
say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;

// npm run prove:rules: builds and starts the failing cases of the rules on an engine and writes src/rules/*/*/proof.json.
// npm run prove:rules -- WORD…   only cases whose rule or name contains one of these; -- --all also those with a record
import { bringUp } from '../e2e/engine/bring-up.mjs';
import { root } from './project.mjs';
import { run } from './run.mjs';

const engine = await bringUp();
if (engine.kind === 'none') {
  process.stderr.write(`No engine: ${engine.why}.\n`);
  process.exit(1);
}
const { ok, output } = await run(process.execPath, ['scripts/ts.mjs', 'e2e/proofs.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...engine.env, PLIMSOLL_ENGINE_KIND: engine.kind },
  seconds: 3600,
});
process.stdout.write(output);
process.exitCode = ok ? 0 : 1;

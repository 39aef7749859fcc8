// npm run engine:up: an engine for `prove` and the e2e tests. Does nothing where the user's own Docker can do the work.
import { bringUp } from './bring-up.mjs';

const { kind, why } = await bringUp();
process.stdout.write(kind === 'none' ? `No engine: ${why}.\n` : `Engine (${kind}): ${why}.\n`);
if (kind === 'private') process.stdout.write('For your own shell: eval "$(node e2e/engine/env.mjs)"\n');
process.exitCode = kind === 'none' ? 1 : 0;

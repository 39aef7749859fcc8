// npm run engine:down [-- --purge] [--all]: stops the private engine; --purge removes its folder; --all: also those of
// other versions of the recipe. The user's own Docker is never touched.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { otherEngines, privateEngine } from './private.mjs';

const known = ['--purge', '--all'];
const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !known.includes(flag));
if (unknown !== undefined) {
  process.stderr.write(`unknown: ${unknown} (there are ${known.join(' and ')})\n`);
  process.exit(2);
}

const engine = privateEngine();
const folders = [engine.root, ...(flags.includes('--all') ? otherEngines(engine.root) : [])].filter((root) =>
  existsSync(root),
);
if (folders.length === 0) process.stdout.write(`There is no private engine in ${engine.root}.\n`);
for (const root of folders) {
  // An engine is taken down by the recipe that set it up.
  const recipe = join(root, 'recipe/provision/down.sh');
  const script = existsSync(recipe) ? recipe : engine.script('down');
  const id = createHash('sha256').update(root).digest('hex').slice(0, 6);
  const env = { ...process.env, ...engine.variables, ROOT: root, ID: id };
  process.stdout.write(`The private engine in ${root}:\n`);
  const { status } = spawnSync('bash', [script, ...flags.filter((flag) => flag === '--purge')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = 1;
}
if (!flags.includes('--all')) {
  for (const root of otherEngines(engine.root))
    process.stdout.write(`Of another version, left alone: ${root} (--all)\n`);
}

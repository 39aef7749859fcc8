import { basename } from 'node:path';
import { openDirectory } from '../../src/repo/directory.ts';
import { discoverTargets } from '../../src/targets/discover.ts';

/** Prints what is built in each directory given: live, documented, orphans. */
for (const directory of process.argv.slice(2)) {
  const found = discoverTargets(openDirectory(directory));
  process.stdout.write(`## ${basename(directory)}\n`);
  for (const target of found.targets)
    process.stdout.write(
      `  ${target.rank} ${target.id} ← ${target.uses.map((use) => `${use.source} ${use.at.file}:${use.at.line}`).join(', ')}\n`,
    );
  for (const target of found.orphans) process.stdout.write(`  orphan ${target.id}\n`);
  for (const item of found.leftOut) process.stdout.write(`  left out ${item.file}: ${item.why}\n`);
}

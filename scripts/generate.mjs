// npm run generate: writes every file that is derived from others. --check only compares and exits 1 on a difference.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const check = process.argv.includes('--check');
const generators = join(root, 'scripts', 'generators');
let stale = 0;
let total = 0;
for (const file of readdirSync(generators)
  .filter((name) => name.endsWith('.mjs'))
  .sort()) {
  const { files } = await import(pathToFileURL(join(generators, file)).href);
  for (const [path, text] of await files(root)) {
    total++;
    const target = join(root, path);
    let present;
    try {
      present = readFileSync(target, 'utf8');
    } catch {
      present = undefined;
    }
    if (present === text) continue;
    stale++;
    if (check) console.error(`${path} is out of date (${file}): run npm run generate`);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      console.log(`wrote ${path}`);
    }
  }
}
console.log(`${total} generated files, ${stale} ${check ? 'out of date' : 'written'}`);
process.exitCode = check && stale > 0 ? 1 : 0;

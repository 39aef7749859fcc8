// Where the project is, whether this Node can run it, and its dependencies: all that must work before `npm install` did.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A path below the project. */
export const at = (...parts) => join(root, ...parts);

/** The command of an installed development tool. */
export const tool = (name) => at('node_modules', '.bin', name);

const OLDEST = [20, 19];

/** Ends the process with a sentence where Node is too old: anything later would be a syntax error nobody understands. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  process.stderr.write(`Node ${OLDEST.join('.')} or newer is needed; this is ${process.version}.\n`);
  process.exit(2);
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};

/** What package-lock.json wants is what node_modules has; npm writes its own list last, so a killed install does not count. */
export function isInstalled() {
  const present = at('node_modules', '.package-lock.json');
  if (!existsSync(present)) return false;
  const installed = packagesOf(present);
  return Object.entries(packagesOf(at('package-lock.json'))).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || installed[path]?.version === version || ((optional || devOptional) && !installed[path]),
  );
}

/** @returns {Promise<string | undefined>} what npm said when it failed */
export async function install() {
  if (isInstalled()) return undefined;
  const { ok, exit, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, seconds: 600 });
  return ok ? undefined : `npm ci failed (${exit}):\n${output}`;
}

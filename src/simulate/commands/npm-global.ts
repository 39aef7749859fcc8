import { change } from '../change.ts';
import { type Call, failed, type Outcome, succeeded } from '../command-model.ts';
import { joinPath } from '../node.ts';
import type { ImageState } from '../state.ts';
import { flagValue, type Line, NPM_INSTALL } from './npm-line.ts';
import { denied, kindAt, ownerOf } from './paths.ts';

/** Tools of packages that are often installed globally. */
const GLOBAL: Readonly<Record<string, readonly string[]>> = {
  typescript: ['tsc', 'tsserver'],
  '@angular/cli': ['ng'],
  '@nestjs/cli': ['nest'],
  pnpm: ['pnpm', 'pnpx'],
  yarn: ['yarn', 'yarnpkg'],
  npm: ['npm', 'npx'],
  pm2: ['pm2', 'pm2-runtime', 'pm2-dev', 'pm2-docker'],
  corepack: ['corepack', 'yarn', 'pnpm', 'yarnpkg', 'pnpx'],
  'http-server': ['http-server', 'hs'],
  bun: ['bun', 'bunx'],
};

export function npmGlobalInstall(call: Call, state: ImageState, line: Line): Outcome | undefined {
  if (!NPM_INSTALL.test(line.verb))
    return /^(uninstall|rm|remove|un|r|config|root|list|ls|cache|update|prefix|bin)$/.test(line.verb)
      ? softGlobal(call, state, line)
      : undefined;
  const result = change(state, call.reason);
  const prefix = prefixOf(call, state, line);
  if (prefix === undefined) {
    for (const name of line.names) for (const tool of toolsOf(name)) result.addCommand(tool);
    return succeeded(result.state, [`installs ${line.names.join(', ')}`]);
  }
  const modules = joinPath(prefix, 'lib/node_modules');
  const refused = denied(call, state, `${modules}/x`, 'npm install -g');
  result.fill(modules, 'npm installs packages in it', ownerOf(call));
  const bin = joinPath(prefix, 'bin');
  for (const name of line.names) {
    // Packages name their tools as they like: others may come.
    if (!GLOBAL[plain(name)]) {
      result.open(bin, `npm install -g ${name} may put tools there`);
      forgetNodeTools(result);
    }
    for (const tool of toolsOf(name))
      result.write(joinPath(bin, tool), { ...ownerOf(call), mode: 0o755, noFollow: true, replace: true });
    result.addPackage({ manager: 'npm', name: plain(name), prefix: modules });
  }
  if (refused) return failed(state, [{ ...refused, says: 'EACCES' }], { code: 243, repaired: result.state });
  return succeeded(result.state, [`installs ${line.names.join(', ')} in ${modules}`]);
}

const NODE_TOOLS =
  /^(yarn|pnpm|corepack|bun|deno|tsx|ts-node|nodemon|pm2|next|nuxt|vite|nest|tsc|serve|http-server|concurrently|prisma|sequelize|knex)$/;

/** A package may bring tools under other names than its own: the base's word that such a tool is missing holds no more. */
function forgetNodeTools(result: ReturnType<typeof change>): void {
  const table = result.state.baseCommands;
  if (!table) return;
  result.set({
    baseCommands: { ...table, commands: new Map([...table.commands].filter(([name]) => !NODE_TOOLS.test(name))) },
  });
}

function softGlobal(call: Call, state: ImageState, line: Line): Outcome {
  if (!/^(uninstall|rm|remove|un|r)$/.test(line.verb)) return succeeded(state, []);
  const result = change(state, call.reason);
  for (const name of line.names) for (const tool of toolsOf(name)) result.remove(`/usr/local/bin/${tool}`);
  return succeeded(result.state, [`removes ${line.names.join(', ')}`]);
}

const plain = (name: string): string => name.replace(/(?<=.)@[^/@]*$/, '');

function toolsOf(name: string): readonly string[] {
  const own = plain(name);
  return GLOBAL[own] ?? (/^[./]|:|\.tgz$/.test(name) ? [] : [own.replace(/^@[^/]*\//, '')]);
}

/** The global prefix: NPM_CONFIG_PREFIX, else /usr/local where node is there, else not known. */
function prefixOf(call: Call, state: ImageState, line: Line): string | undefined {
  const flag = flagValue(line.flags, '--prefix');
  if (flag !== undefined) return flag.startsWith('/') ? flag : undefined;
  for (const name of ['NPM_CONFIG_PREFIX', 'npm_config_prefix']) {
    const value = call.env.get(name);
    if (value) return value.known ? value.value : undefined;
  }
  return kindAt(state, '/usr/local/bin/node') === 'file' ? '/usr/local' : undefined;
}

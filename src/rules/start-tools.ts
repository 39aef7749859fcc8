import { readPackageJson } from '../source/node/package-json.ts';
import type { ProcessSource } from '../source/source.ts';
import { splitCommands } from '../source/words.ts';
import type { Place } from '../text/place.ts';

/** A tool of node_modules that the start script of a project calls. */
export interface StartTool {
  readonly name: string;
  /** The package that brings it. */
  readonly owner: string;
  /** The script in package.json. */
  readonly at: Place;
  readonly line: string;
  /** Where package.json lies. */
  readonly folder: string;
}

/** Tools that servers are started with or through, and the packages they come from. */
const TOOLS: Readonly<Record<string, string>> = {
  nodemon: 'nodemon',
  'ts-node': 'ts-node',
  'ts-node-dev': 'ts-node-dev',
  tsnd: 'ts-node-dev',
  tsx: 'tsx',
  'cross-env': 'cross-env',
  'env-cmd': 'env-cmd',
  dotenv: 'dotenv-cli',
  concurrently: 'concurrently',
  'babel-node': '@babel/node',
  nest: '@nestjs/cli',
  next: 'next',
  nuxt: 'nuxt',
  vite: 'vite',
  serve: 'serve',
  'http-server': 'http-server',
  'react-scripts': 'react-scripts',
  'vue-cli-service': '@vue/cli-service',
  ng: '@angular/cli',
  pm2: 'pm2',
  'pm2-runtime': 'pm2',
  forever: 'forever',
  prisma: 'prisma',
  typeorm: 'typeorm',
  sequelize: 'sequelize-cli',
  'sequelize-cli': 'sequelize-cli',
  knex: 'knex',
  'drizzle-kit': 'drizzle-kit',
  tsc: 'typescript',
};

/** The tools that a start script calls one after another, as far as each must succeed for the next to run. Empty when the process
 * is not started by a script of package.json. */
export function startTools(application: ProcessSource): readonly StartTool[] {
  const { argv, context } = application;
  const [program = '', ...words] = argv[0] === 'docker-entrypoint.sh' ? argv.slice(1) : argv;
  if (!/^(npm|yarn|pnpm)$/.test(program) || words.some((word) => word.startsWith('-') && word !== '--')) return [];
  const name = words[0] === 'run' || words[0] === 'run-script' ? words[1] : words[0];
  const manifest = readPackageJson(context.tree, context.cwd);
  const out: StartTool[] = [];
  let script = name;
  for (let depth = 0; depth < 4 && script !== undefined && manifest !== undefined; depth++) {
    const line: string | undefined = manifest.scripts.get(script);
    const commands = line === undefined ? undefined : splitCommands(line);
    if (line === undefined || commands === undefined) return out;
    const at = manifest.place('scripts', script);
    script = undefined;
    for (const command of commands) {
      const called = command.words[0] ?? '';
      const owner = Object.hasOwn(TOOLS, called) ? TOOLS[called] : undefined;
      if (owner !== undefined) out.push({ name: called, owner, at, line, folder: context.cwd });
      // What follows a failure that is swallowed runs all the same; what this one runs is not looked into.
      if (command.then !== undefined && command.then !== '&&') return command.then === '||' ? out.slice(0, -1) : out;
      if (/^(npm|yarn|pnpm)$/.test(called) && command.words[1] === 'run') script = command.words[2];
    }
  }
  return out;
}

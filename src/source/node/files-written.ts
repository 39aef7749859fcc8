import { atImport } from '../program/demands.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf } from '../program/value.ts';
import type { StartWrite } from '../start-writes.ts';

const WRITES =
  /^(?:node:)?fs(?:-extra)?\.(?:default\.)?(mkdirSync|ensureDirSync|mkdirpSync|writeFileSync|appendFileSync)$/;

/** Files and folders that JavaScript modules write, with fs and at once, while they are loaded. */
export function nodeWrites(program: Program, modules: readonly Module[], env: Environment): readonly StartWrite[] {
  return modules.flatMap((module) =>
    module.calls.flatMap((site): readonly StartWrite[] => {
      const { call, scope } = site;
      const name = call.callee.k === 'member' || call.callee.k === 'name' ? call.callee.name : '';
      const [first] = call.args;
      if (!/Sync$/.test(name) || first === undefined || !runsWhereAbsent(site)) return [];
      const called = describe(program.evaluate(call.callee, scope)) ?? '';
      if (!WRITES.test(called)) return [];
      return [
        {
          path: textOf(program.evaluate(first.value, scope), env),
          kind: /dir/i.test(name) ? 'folder' : 'file',
          text: `${called.replace('.default', '')} when the module is loaded`,
          at: module.place(call),
        },
      ];
    }),
  );
}

/** `if (!fs.existsSync(folder))` is what the question is about. */
function runsWhereAbsent({ scope, caught, doubtful }: CallSite): boolean {
  if (!atImport(scope) || caught) return false;
  return doubtful === undefined || (/^only if !\s*[\w.]*existsSync\(/.test(doubtful) && !/&&|\|\|/.test(doubtful));
}

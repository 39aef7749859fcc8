import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { type EnvRead, secretName } from '../env-read.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Environment, NO_ENVIRONMENT, textOf, type Value } from '../program/value.ts';
import { schemaField } from './env-schema.ts';
import { configModules, nestSetting } from './nest-config.ts';
import { type Checked, checkedBy } from './nest-config-check.ts';

/** What a NestJS application reads through its ConfigService, and what the module demands before anything is made. */
export interface NestReads {
  readonly reads: readonly { readonly read: EnvRead; readonly module: Module }[];
  readonly open: readonly Reason[];
}

export function nestReads(program: Program, modules: readonly Module[]): NestReads {
  const reads: { read: EnvRead; module: Module }[] = [];
  const open: Reason[] = [];
  for (const { site, options } of configModules(program)) {
    const { module } = site.scope;
    if (!modules.includes(module)) continue;
    const at = module.place({ from: site.call.from, to: Math.min(site.call.to, site.call.from + 100) });
    const reason: Reason = { kind: 'source', at, text: 'sets up the settings' };
    if (options === 'computed') {
      open.push({ ...reason, text: 'the options of ConfigModule are computed' });
      continue;
    }
    if (site.call.callee.k === 'member' && site.call.callee.name === 'forFeature') continue;
    const checked = options && checkedBy(program, options, reason);
    if (checked === 'unread') open.push({ ...reason, text: 'what checks the environment is not understood' });
    else if (checked)
      for (const read of demanded(program, checked, site.doubtful === undefined)) reads.push({ read, module });
  }
  for (const module of modules) {
    if (!/\bget(OrThrow)?\b/.test(module.text)) continue;
    for (const site of module.calls) {
      const setting = nestSetting(program, site);
      if (setting === undefined) continue;
      const at = module.place({ from: site.call.from, to: Math.min(site.call.to, site.call.from + 100) });
      const reason: Reason = { kind: 'source', at, text: 'asks ConfigService' };
      if (setting === 'computed') {
        open.push({ ...reason, text: 'asks ConfigService for a computed name' });
        continue;
      }
      if (!setting.variable || setting.value.t !== 'env') continue;
      const { fallback } = setting.value;
      const read = {
        ...base(setting.key, at),
        when: 'call' as const,
        required: fallback ? known(false, reason) : unknown('what happens when it is missing was not followed', reason),
        fallback: fallback ? textOf(fallback, NO_ENVIRONMENT) : known(null),
      };
      reads.push({ read, module });
    }
  }
  return { reads, open };
}

const base = (name: string, at: Place) => ({
  name,
  ignoreCase: false,
  through: 'ConfigService',
  secretish: secretName(name),
  at,
});

/** The files that ConfigModule loads: `.env` in the folder of the process, unless its options say otherwise. */
export function nestEnvFiles(
  program: Program,
  modules: readonly Module[],
  env: Environment,
): readonly { readonly path: Fact<string>; readonly at: Place }[] {
  return [...configModules(program)].flatMap(({ site, options }) => {
    const { module } = site.scope;
    const root = site.call.callee.k === 'member' && site.call.callee.name === 'forRoot';
    if (!root || !modules.includes(module)) return [];
    const at = module.place({ from: site.call.from, to: Math.min(site.call.to, site.call.from + 100) });
    const reason: Reason = { kind: 'source', at, text: 'sets up the settings' };
    if (options === 'computed') return [{ path: unknown('the options of ConfigModule are computed', reason), at }];
    return envFiles(program, options, reason, env).map((path) => ({ path, at }));
  });
}

function envFiles(program: Program, options: Value | undefined, at: Reason, env: Environment): readonly Fact<string>[] {
  if (options === undefined) return [known('.env')];
  const ignored = program.member(options, 'ignoreEnvFile', at);
  if (ignored.t === 'const' && ignored.value === true) return [];
  const path = program.member(options, 'envFilePath', at);
  if (path.t === 'bound') return [known('.env')];
  const list = path.t === 'list' ? path.items.map((item) => program.evaluate(item.expr, item.scope)) : [path];
  return list.map((one) => textOf(one, env));
}

/** The names that a check of the environment lists; without a required one `forRoot` throws, and Nest ends the process. */
function demanded(program: Program, checked: Checked, sure: boolean): readonly EnvRead[] {
  const { at } = checked.at as Extract<Reason, { at: Place }>;
  const site = { at, sure };
  if (checked.by === 'schema')
    return checked.fields.entries.flatMap(({ key, value }) => {
      const name = key?.expr.k === 'const' ? key.expr.value : undefined;
      return typeof name === 'string' ? [schemaField(program, name, value, site)] : [];
    });
  const { module } = checked.cls.scope;
  return checked.cls.cls.body.flatMap((property): readonly EnvRead[] => {
    const [target] = property.k === 'assign' ? property.targets : [];
    if (property.k !== 'assign' || target?.t !== 'name') return [];
    const place = module.place({ from: target.from, to: target.to });
    const reason: Reason = { kind: 'source', at: place, text: `the class names ${target.name}` };
    const text = module.text.slice(property.from, target.from);
    const own = base(target.name, place);
    if (property.value)
      return [
        {
          ...own,
          when: 'import',
          required: known(false, reason),
          fallback: textOf(program.evaluate(property.value, checked.cls.scope), NO_ENVIRONMENT),
        },
      ];
    const must =
      checked.ends &&
      sure &&
      /@(Is(?!Optional|Empty)\w+|Min|Max|Matches|Length|MinLength)\(/.test(text) &&
      !/@(IsOptional|ValidateIf|Transform|Type)\(/.test(text);
    return [
      {
        ...own,
        when: 'import',
        required: must
          ? known(true, reason, { kind: 'source', at, text: 'the environment is checked here' })
          : unknown('the check was not followed to the end', reason),
        fallback: known(null),
      },
    ];
  });
}

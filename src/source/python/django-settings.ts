import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, type Value } from '../program/value.ts';
import type { PythonApplication } from './application.ts';
import { textList } from './arguments.ts';
import { Reading } from './environment-reading.ts';

/** Settings of a Django project that a deployment depends on. */
export interface DjangoSettings {
  readonly module: Module;
  readonly name: string;
  /** One setting as text; undefined when the module does not set it. */
  text(name: string, env: Environment): Fact<string> | undefined;
  list(name: string, env: Environment): Fact<readonly string[]> | undefined;
  /** Where a setting stands. */
  reason(name: string): Reason;
  value(name: string): Value | undefined;
}

/** The settings module that an entry (wsgi.py, asgi.py, manage.py) uses: the environment's, else the entry's own default. */
export function djangoSettings(python: PythonApplication, entry: Module, env: Environment): Fact<DjangoSettings> {
  const set = env.get('DJANGO_SETTINGS_MODULE');
  if (set && !set.known) return set;
  const name = set?.value ?? defaultModule(python.program, entry);
  if (name === undefined)
    return unknown('DJANGO_SETTINGS_MODULE is not known', {
      kind: 'source',
      at: entry.place({ from: 0, to: 0 }),
      text: 'the entry of the project',
    });
  const found = python.module(name);
  if (!found.known) return found;
  const module = found.value;
  if (!module) return unknown(`settings module ${name} was not found`);
  const value = (key: string) => python.program.language.member(python.program, module, key);
  return known<DjangoSettings>(
    {
      module,
      name,
      value,
      text(key, env2) {
        const of = value(key);
        return of === undefined ? undefined : textOf(of, env2);
      },
      list(key, env2) {
        const of = value(key);
        if (of === undefined) return undefined;
        const list = textList(python.program, of, env2);
        return list ? known(list) : unknown(`${key} is computed`);
      },
      reason(key) {
        const binding = module.scope.names.get(key)?.[0];
        const span = binding?.b === 'value' ? binding.expr : { from: 0, to: 0 };
        return { kind: 'source', at: module.place(span), text: `${key} in ${name}` };
      },
    },
    { kind: 'source', at: module.place({ from: 0, to: 0 }), text: `settings ${name}` },
  );
}

function defaultModule(program: Program, entry: Module): string | undefined {
  for (const { call, scope } of entry.calls) {
    const callee = describe(program.evaluate(call.callee, scope));
    const [first, second] = call.args;
    if (
      callee === 'os.environ.setdefault' &&
      first?.value.k === 'const' &&
      first.value.value === 'DJANGO_SETTINGS_MODULE' &&
      second
    ) {
      const text = textOf(program.evaluate(second.value, scope), new Map());
      if (text.known) return text.value;
    }
  }
  return undefined;
}

/** Whether a module makes a Django WSGI or ASGI application. */
export function isDjangoEntry(module: Module): boolean {
  return /get_(wsgi|asgi)_application|execute_from_command_line|ProtocolTypeRouter/.test(module.text);
}

/** Whether Django shows its error pages for developers, with the variables that decide by being unset. */
export interface DebugSetting {
  readonly on: boolean;
  readonly unset: readonly string[];
  readonly at: Place;
  /** Of the settings. */
  readonly module: string;
}

/** DEBUG under an environment; it is off where nothing sets it. */
export function djangoDebug(program: Program, settings: DjangoSettings, env: Environment): Fact<DebugSetting> {
  const reading = new Reading(program, env, []);
  const reason = settings.reason('DEBUG');
  const at = 'at' in reason ? reason.at : settings.module.place({ from: 0, to: 0 });
  const value = settings.value('DEBUG');
  if (value === undefined) return known({ on: false, unset: [], at, module: settings.name });
  const plain = value.t === 'const' ? value.value : reading.named('DEBUG', settings.module.scope);
  const told = { unset: [...reading.unset], at, module: settings.name };
  // Any text holds in Python, "False" as well.
  if (typeof plain === 'boolean' || typeof plain === 'string') return known({ ...told, on: Boolean(plain) });
  // Readers with a cast of their own: `config("DEBUG", cast=bool)`, `env.bool("DEBUG")`.
  const text = value.t === 'env' ? textOf(value, env) : undefined;
  if (value.t !== 'env' || text?.known !== true || !/^(true|false|1|0|yes|no|on|off)$/i.test(text.value))
    return unknown('whether DEBUG is on is not known', reason);
  return known({ ...told, unset: env.has(value.name) ? [] : [value.name], on: /^(true|1|yes|on)$/i.test(text.value) });
}

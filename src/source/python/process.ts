import { chainFact, type Fact, known } from '../../facts/fact.ts';
import type { Module } from '../program/module.ts';
import type { ProcessSource } from '../source.ts';
import { type AllowedHosts, djangoHosts, trustedHosts } from './allowed-hosts.ts';
import { type CallUse, callUses } from './call-uses.ts';
import { djangoDriver, djangoModules, djangoNeeds } from './django-needs.ts';
import { type DebugSetting, djangoDebug, djangoSettings, isDjangoEntry } from './django-settings.ts';
import { djangoStatic, type StaticFiles } from './django-static.ts';
import { type PythonNeed, pythonNeeds } from './needs.ts';
import { pythonRefusals, type Refusal } from './refusals.ts';
import { type ReleaseUse, releaseUses } from './release-uses.ts';

/** The module that a process starts; Django also imports its settings, by name. Empty: it starts none that is known. */
export function pythonEntries(source: ProcessSource): readonly Module[] {
  const { entry, language } = source.launch;
  if (language !== 'python' || entry?.file === undefined || entry.kind === 'script') return [];
  const python = source.python();
  const module = python.program.load(entry.file);
  const settings = module && isDjangoEntry(module) ? djangoSettings(python, module, source.context.env) : undefined;
  if (module === undefined || settings?.known !== true) return module === undefined ? [] : [module];
  return [module, settings.value.module, ...djangoModules(python, settings.value, source.context.env)];
}

/** What the code refuses of its environment while it is loaded. */
export function refusalsOf(source: ProcessSource): readonly Refusal[] {
  const entries = pythonEntries(source);
  return entries.length === 0 ? [] : pythonRefusals(source.python().program, entries, source.context.env);
}

/** Modules from outside that the start imports for certain. */
export function pythonNeedsOf(source: ProcessSource): readonly PythonNeed[] {
  const entries = pythonEntries(source);
  const [module] = entries;
  if (module === undefined) return [];
  const { env } = source.context;
  const python = source.python();
  const settings = isDjangoEntry(module) ? djangoSettings(python, module, env) : undefined;
  const named = settings?.known
    ? [
        ...djangoNeeds(python.program, settings.value, env, module),
        ...djangoDriver(python.program, settings.value, env),
      ]
    : [];
  return [...pythonNeeds(python.program, entries, env), ...named];
}

/** Code that later releases of what it imports break while it is loaded. */
export function releaseUsesOf(source: ProcessSource): readonly ReleaseUse[] {
  const entries = pythonEntries(source);
  return entries.length === 0 ? [] : releaseUses(source.python().program, entries);
}

/** Static files that Django needs and nothing in it hands out; known null: there are none, or it is no Django. */
export function staticFilesOf(source: ProcessSource): Fact<StaticFiles | null> {
  const [module] = pythonEntries(source);
  if (module === undefined || !isDjangoEntry(module)) return known(null);
  const { env } = source.context;
  const python = source.python();
  return chainFact(djangoSettings(python, module, env), (settings) => djangoStatic(python, settings, env, module));
}

/** Django's DEBUG; known null: it is no Django. */
export function debugOf(source: ProcessSource): Fact<DebugSetting | null> {
  const [module] = pythonEntries(source);
  if (module === undefined || !isDjangoEntry(module)) return known(null);
  const { env } = source.context;
  const python = source.python();
  return chainFact(djangoSettings(python, module, env), (settings) => djangoDebug(python.program, settings, env));
}

/** Calls that later releases refuse whenever they are made. */
export function callUsesOf(source: ProcessSource): readonly CallUse[] {
  const entries = pythonEntries(source);
  return entries.length === 0 ? [] : callUses(source.python().program, entries);
}

/** Hosts under which the process may be asked; known null: under any. */
export function allowedHostsOf(source: ProcessSource): Fact<AllowedHosts | null> {
  const entries = pythonEntries(source);
  const [module] = entries;
  if (module === undefined) return known(null);
  const { env } = source.context;
  const python = source.python();
  if (!isDjangoEntry(module)) return trustedHosts(python.program, entries, env);
  const settings = djangoSettings(python, module, env);
  return settings.known ? djangoHosts(python.program, settings.value, env) : settings;
}

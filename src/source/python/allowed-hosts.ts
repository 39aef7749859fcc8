import { type Fact, known, unknown } from '../../facts/fact.ts';
import type { Place } from '../../text/place.ts';
import { runsAtLoad } from '../program/demands.ts';
import type { Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment } from '../program/value.ts';
import { argument } from './arguments.ts';
import type { DjangoSettings } from './django-settings.ts';
import { Reading } from './environment-reading.ts';
import { plainValue } from './plain-value.ts';

/** The names under which an application lets itself be asked; every other Host is answered with 400. */
export interface AllowedHosts {
  readonly hosts: readonly string[];
  /** Variables that decide by being unset. */
  readonly unset: readonly string[];
  readonly by: string;
  readonly at: Place;
}

/** Starlette's TrustedHostMiddleware, added while the modules are loaded. Null: there is none. */
export function trustedHosts(
  program: Program,
  entries: readonly Module[],
  env: Environment,
): Fact<AllowedHosts | null> {
  for (const module of program.reach(entries)) {
    if (!module.text.includes('TrustedHostMiddleware')) continue;
    for (const site of module.calls) {
      const of = argument(site.call, 'middleware_class', 0) ?? argument(site.call, 'cls', 0);
      const hosts = argument(site.call, 'allowed_hosts');
      if (of === undefined || hosts === undefined) continue;
      const name = describe(program.evaluate(of.value, site.scope)) ?? '';
      if (!/\.TrustedHostMiddleware$/.test(name)) continue;
      if (!runsAtLoad(site)) return unknown(`TrustedHostMiddleware is added ${site.doubtful ?? 'in a function'}`);
      const reading = new Reading(program, env, []);
      const list = textsOf(plainValue(hosts.value, reading.meaning(site.scope)));
      if (list === undefined) return unknown('the hosts that TrustedHostMiddleware lets in are computed');
      return known({
        hosts: list,
        unset: [...reading.unset],
        by: 'TrustedHostMiddleware',
        at: module.place(site.call),
      });
    }
  }
  return known(null);
}

/** Django's ALLOWED_HOSTS, which CommonMiddleware asks for each request. Null: nothing asks. */
export function djangoHosts(program: Program, settings: DjangoSettings, env: Environment): Fact<AllowedHosts | null> {
  const { module } = settings;
  const middleware = settings.list('MIDDLEWARE', env);
  if (middleware?.known !== true) return unknown('MIDDLEWARE is computed');
  if (!middleware.value.includes('django.middleware.common.CommonMiddleware')) return known(null);
  const reading = new Reading(program, env, []);
  const list = textsOf(reading.named('ALLOWED_HOSTS', module.scope));
  if (list === undefined) return unknown('ALLOWED_HOSTS is computed');
  const { at } = settings.reason('ALLOWED_HOSTS') as { readonly at: Place };
  const base = { unset: [...reading.unset], by: 'ALLOWED_HOSTS', at };
  if (list.length > 0) return known({ ...base, hosts: list });
  const debug = reading.named('DEBUG', module.scope);
  if (typeof debug !== 'boolean') return unknown('whether DEBUG is on is not known');
  return known({ ...base, unset: [...reading.unset], hosts: debug ? ['.localhost', '127.0.0.1', '[::1]'] : [] });
}

/** Whether a host is let in: `*`, the name itself, `.example.org` and `*.example.org` with what is below. */
export function letsIn({ hosts }: AllowedHosts, host: string): boolean {
  const asked = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host.toLowerCase();
  return hosts.some((written) => {
    const pattern = written.trim().toLowerCase();
    const below = /^\*?(\..+)$/.exec(pattern)?.[1];
    return (
      pattern === '*' ||
      pattern === asked ||
      (below !== undefined && (asked.endsWith(below) || asked === below.slice(1)))
    );
  });
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}

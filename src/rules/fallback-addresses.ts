import type { Service } from '../model/types.ts';
import type { ProcessSource } from '../source/source.ts';
import { type Address, addressesOf, addressOf } from './addresses.ts';

/** Addresses that stand in the code as defaults and are in force, because compose sets nothing in their place. */
export function fallbackAddresses(service: Service, application: ProcessSource): readonly Address[] {
  const set = new Set([...service.env.keys()].map((name) => name.toLowerCase()));
  return application.environment.reads.flatMap((read): readonly Address[] => {
    const value = read.fallback.known ? read.fallback.value : null;
    if (read.reached !== true || read.when === 'build' || value === null || set.has(read.name.toLowerCase())) return [];
    const found = addressOf(read.name, value, read.at);
    return found === undefined ? [] : [found];
  });
}

/** Whether anything that compose sets for a service names another one: then a default of the code may be left unused. */
export function isTold(service: Service, other: Service): boolean {
  if (addressesOf(service).some((address) => address.host === other.name)) return true;
  const name = new RegExp(`(?<![\\w-])${other.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
  return [...service.env.values()].some((v) => v.origin !== 'image' && (!v.value.known || name.test(v.value.value)));
}

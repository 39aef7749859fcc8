import { readDotenv } from '../compose/dotenv.ts';
import type { Service } from '../model/types.ts';
import type { ProcessSource } from '../source/source.ts';
import { joinPath } from '../source/source-tree.ts';
import type { Place } from '../text/place.ts';

/** One value of an env file that lies in the image and that the application loads, where compose does not set the name. */
export interface LoadedValue {
  readonly variable: string;
  readonly value: string;
  readonly at: Place;
}

/** Values of the env files that the application loads itself, as far as they lie where it looks first. Undefined: a file whose
 * name or text is not known may say more. */
export function loadedValues(service: Service, application: ProcessSource): readonly LoadedValue[] | undefined {
  const { environment, context } = application;
  const out = new Map<string, LoadedValue>();
  for (const { path } of environment.files) {
    if (!path.known) return undefined;
    const file = joinPath(context.cwd, path.value);
    const look = context.tree.look(file);
    if (look === 'absent') continue;
    const text = look === 'file' ? context.tree.text(file) : undefined;
    if (text === undefined) return undefined;
    const lookup = (name: string): string | undefined => {
      const set = service.env.get(name)?.value;
      return set?.known === true ? set.value : undefined;
    };
    for (const { name, value, at } of readDotenv(context.tree.origin(file), text, lookup).entries.values())
      if (value !== undefined && !service.env.has(name) && !out.has(name)) out.set(name, { variable: name, value, at });
  }
  return [...out.values()];
}

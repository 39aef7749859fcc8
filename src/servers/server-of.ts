import { DATABASES } from './databases.ts';
import { parseImage } from './image-tag.ts';
import { KAFKA } from './kafka.ts';
import { OBSERVABILITY } from './observability.ts';
import { PLATFORMS } from './platforms.ts';
import { QUEUES_AND_CACHES } from './queues-and-caches.ts';
import type { Server, ServerVariable } from './server.ts';
import { WEB } from './web.ts';

const TABLES = [...DATABASES, ...QUEUES_AND_CACHES, ...KAFKA, ...WEB, ...OBSERVABILITY, ...PLATFORMS];

/** What is known of the server in an image, by reference (`postgres:16-alpine`, `docker.io/library/redis`). Undefined: not described,
 * which also holds for a digest without a tag. */
export function serverOf(reference: string): Server | undefined {
  const image = parseImage(reference);
  if (image.tag === undefined) return undefined;
  return TABLES.find((table) => table.repositories.test(image.repository))?.describe(image);
}

/** Whether a server reads a variable: `unknown` where the table is not complete. */
export function readsVariable(server: Server, name: string): 'yes' | 'no' | 'unknown' {
  if (
    server.variables.some(
      (variable) => variable.name === name || (variable.file === true && `${variable.name}_FILE` === name),
    )
  )
    return 'yes';
  if (server.variablePatterns.some((pattern) => new RegExp(pattern).test(name))) return 'yes';
  return server.variablesComplete ? 'no' : 'unknown';
}

/** Required variables that an environment lacks. `value` gives the value of a name, undefined where it is unset, null where it is set
 * but not known. */
export function missingVariables(server: Server, value: (name: string) => string | null | undefined): ServerVariable[] {
  return server.variables.filter((variable) => {
    if (variable.required === 'never') return false;
    const own = value(variable.name);
    // An empty value counts as missing for every entrypoint described here.
    if (own === null || (own !== undefined && own !== '')) return false;
    if (variable.file && value(`${variable.name}_FILE`) !== undefined) return false;
    return !(variable.unless ?? []).some((other) => {
      const [name = '', wanted] = other.split('=');
      const found = value(name);
      return found === null || (found !== undefined && found !== '' && (wanted === undefined || found === wanted));
    });
  });
}

import { type Fact, known, unknown } from '../facts/fact.ts';
import type { Service } from '../model/types.ts';
import { isNamed, namesIn } from './read-names.ts';

/** Read by frameworks and drivers without their names in the code. */
const BY_LIBRARIES = /^(?:SPRING_|QUARKUS_|PG[A-Z]+$|CELERY|DJANGO_|FLASK_|PRISMA_)/;
const SETTINGS = /(?:^|\/)(?:\.env[^/]*|[^/]*\.env|[^/]*compose[^/]*\.ya?ml)$/;

/** Whether anything that runs in a service reads a variable: what is set and never read does no harm. Images that are not built
 * here read what they are given. */
export function readByCode(service: Service, variable: string): Fact<boolean> {
  const { target, application, stack } = service;
  if (target === undefined || BY_LIBRARIES.test(variable)) return known(true);
  const environment = application.known ? application.value.environment : undefined;
  const same = (name: string): boolean => name.toLowerCase() === variable.toLowerCase();
  if (environment?.reads.some((read) => read.reached !== false && same(read.name)) === true) return known(true);
  // Schemas, settings of frameworks and other languages are no reads that are followed: their words are enough.
  const below = target.contextDir === '' || target.contextDir === '.' ? '' : `${target.contextDir}/`;
  const words = namesIn(
    stack.repo,
    (file) => !file.startsWith(below) || SETTINGS.test(file) || stack.files.includes(file),
  );
  if (words === undefined || isWritten(variable, words)) return known(true);
  const open = environment?.open[0];
  if (environment !== undefined && open === undefined) return known(false);
  return unknown(`whether ${service.name} reads ${variable} is not known`, ...(open === undefined ? [] : [open]));
}

/** The name, `databaseUrl` for DATABASE_URL, or what is left of it without a prefix. */
function isWritten(variable: string, words: ReadonlySet<string>): boolean {
  if (variable.includes('__') || isNamed(variable, words)) return true;
  const parts = variable.toLowerCase().split('_');
  return parts.some((_, index) => {
    const rest = parts.slice(index);
    return rest.length > 1 && (words.has(rest.join('_')) || words.has(rest.join('')));
  });
}

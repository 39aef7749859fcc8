import { type Fact, unknown } from '../facts/fact.ts';
import { folderAbove, nodeOf } from './launch/node-programs.ts';
import { nextRoutes } from './node/next.ts';
import { djangoRoutes } from './python/django.ts';
import { isDjangoEntry } from './python/django-settings.ts';
import { runningOf } from './python/running.ts';
import type { RouteTable } from './routes/route-table.ts';
import type { ProcessSource } from './source.ts';

/** What a process serves over HTTP, by what it starts. */
export function routesServed(source: ProcessSource): Fact<RouteTable> {
  const { launch, context } = source;
  const { entry } = launch;
  if (!entry || entry.kind === 'script')
    return launch.program === 'next'
      ? nextRoutes(context.tree, source.folder)
      : unknown(`what ${launch.program} serves is not known`);
  if (launch.program === 'next') return nextRoutes(context.tree, source.folder);
  if (entry.file === undefined)
    return entry.status.known && !entry.status.value.found
      ? unknown(entry.status.value.text)
      : unknown(entry.status.known ? 'no file was found' : entry.status.why);
  if (launch.language === 'python') {
    const python = source.python();
    if (entry.kind === 'module' && entry.attribute !== undefined) return python.routes(entry, context.env);
    const main = python.program.load(entry.file);
    if (main && isDjangoEntry(main)) return djangoRoutes(python, main, context.env);
    const running = main ? runningOf(python, main, context.env) : undefined;
    if (!main || !running?.app) return unknown('which application is started was not found');
    if (running.app.t === 'const' && typeof running.app.value === 'string')
      return python.routes(python.entry(running.app.value, undefined), context.env);
    return python.routesOf(running.app, main, context.env);
  }
  if (launch.language === 'node')
    return nodeOf(context, folderAbove(entry.file, context)).routes(entry.file, context.env);
  return unknown(`what ${launch.program} serves is not known`);
}

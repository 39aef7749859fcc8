import { unknown } from '../../../facts/fact.ts';
import { each, know } from '../../../facts/know.ts';
import type { BuildTarget, Service } from '../../../model/types.ts';
import { replacedRead } from '../../next-variables.ts';
import { type Check, claim, rule } from '../../rule.ts';
import { literally, speaksOf } from '../../speaks-of.ts';

export default rule({
  on: 'service',
  severity: 'error',
  summary: 'a variable for the page is set where the page is served, not where it is built',
  why: 'Bundlers put the value of VITE_, REACT_APP_ and like variables into the JavaScript when it is built. Set on the web server it changes nothing: the page asks the default address.',
  remedy:
    'Pass it as a build argument, or hand the value to the page at run time in a file that the web server writes at start.',
  proof: 'none',
  *check(service) {
    const { page, target } = service;
    if (target === undefined) return;
    if (page === undefined) return yield* nextServer(service, target);
    const process = yield* know(service.process);
    const script = /^(?:npm|yarn|pnpm|bun)$/.test(process.command[0] ?? '') && service.application.known;
    if (!servesFiles(script ? service.application.value.launch.argv : process.command)) return;
    yield* each(
      [...service.env].filter(([name]) => page.variables.has(name)),
      function* ([name, value]) {
        if (value.at === undefined || value.origin === 'image' || target.args.has(name)) return;
        // A start script may write the value into the page: then it is seen after all.
        yield* know(service.startScripts);
        const read = page.variables.get(name);
        if (read === undefined) return;
        yield claim({
          breaks: service.nodes.reachable,
          at: value.at,
          title: `${name} is set on ${service.name} when it runs; the page reads it when it is built`,
          subject: name,
          because: [
            { kind: 'compose', at: value.at, text: `${name} is set for the container` },
            { kind: 'source', at: read, text: `the page reads ${name}, which the bundler replaces at build time` },
          ],
          fix: {
            safety: 'unsafe',
            title: 'hand it to the page at run time',
            edits: [],
            mustMeasure: ['front.index', 'front.api'],
          },
        });
      },
    );
  },
});

/** Next.js puts the values of NEXT_PUBLIC_ variables into what it builds, for the browser and for the server. */
function* nextServer(service: Service, target: BuildTarget): Check {
  const names = [...service.env].filter(([name, { origin }]) => name.startsWith('NEXT_PUBLIC_') && origin !== 'image');
  if (names.length === 0) return;
  const { launch } = yield* know(service.application);
  const building = launch.before?.some(({ argv }) => argv.includes('build')) === true;
  if (launch.program !== 'next' || building || (yield* know(launch.mode)) !== 'production') return;
  yield* each(names, function* ([name, { at, value }]) {
    const given = value.known ? value.value : undefined;
    const built = target.trace.stages.map(({ final }) => final.env.get(name)).find((one) => one !== undefined);
    if (at === undefined || target.args.has(name) || (built !== undefined && (!built.known || built.value === given)))
      return;
    const read = replacedRead(target.repo, target.contextDir, name, given);
    if (read === undefined) return;
    const file = envFileWith(target, name);
    if (file === 'none') yield* know(service.startScripts);
    else if (file === 'sets') return;
    else yield* know(unknown(`${file} may set ${name} when it is built`));
    yield claim({
      breaks: service.nodes.reachable,
      at,
      title: `${name} is set on ${service.name} when it runs; Next.js reads it when it is built`,
      subject: name,
      because: [
        { kind: 'compose', at, text: `${name} is set for the container` },
        { kind: 'source', at: read, text: `next build replaces ${name} by its value, and the build is not given one` },
      ],
    });
  });
}

/** Whether a stage has a file of variables that `next build` reads: `sets` where it sets the name, its path where that is not known. */
function envFileWith(target: BuildTarget, name: string): string {
  for (const stage of target.trace.stages) {
    // As it is before it builds: the build itself may write anything.
    const final = stage.steps.find(({ argv }) => argv?.some((word) => /\bbuild\b/.test(word)))?.before;
    if (final === undefined) continue;
    if (!final.workdir.known) return 'a file of the working directory';
    for (const ending of ['', '.production', '.local', '.production.local']) {
      const path = `${final.workdir.value === '/' ? '' : final.workdir.value}/.env${ending}`;
      const found = final.tree.lookup(path);
      if (found.known && found.value.presence === 'absent') continue;
      // What a base image has there is no project's.
      if (!found.known && found.because.every(({ kind }) => kind === 'base-image')) continue;
      const text = found.known ? found.value.content?.() : undefined;
      // Of the other files a document or template tells where people make them.
      const made = ending === '' || speaksOf(target.repo, new RegExp(`\\.env${literally(ending)}\\b`)) !== undefined;
      if (text === undefined && made) return path;
      if (text === undefined) continue;
      if (new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`, 'm').test(text)) return 'sets';
    }
  }
  return 'none';
}

/** Hands out files as they are; a development server would read the variable when it starts. */
function servesFiles([program = '', ...words]: readonly string[]): boolean {
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'npx') return servesFiles(words.filter((word) => !word.startsWith('-')));
  return /^(?:nginx|httpd|caddy|serve|http-server)$/.test(name) || (name === 'vite' && words[0] === 'preview');
}

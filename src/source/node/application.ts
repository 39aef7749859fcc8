import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { EnvReads } from '../env-read.ts';
import type { Listen } from '../launch/launch.ts';
import type { CallSite, Module } from '../program/module.ts';
import { Parses } from '../program/parses.ts';
import { Program } from '../program/program.ts';
import {
  describe,
  type Environment,
  type Instance,
  NO_ENVIRONMENT,
  textOf,
  type Value,
  variableOf,
  variants,
} from '../program/value.ts';
import { applicationBehind } from '../routes/receivers.ts';
import type { RouteTable } from '../routes/route-table.ts';
import type { SourceTree } from '../source-tree.ts';
import { nodeEnvironment } from './environment.ts';
import { expressApplication, expressRoutes } from './express.ts';
import { type Alias, nodeLanguage } from './language.ts';
import { methodFramework } from './method-framework.ts';
import { methodRoutes } from './method-routers.ts';
import { moreSockets } from './more-sockets.ts';
import { nestApplication, nestRoutes } from './nest.ts';

/** One JavaScript program: an entry file and what it imports. */
export class NodeApplication {
  readonly tree: SourceTree;
  readonly program: Program;

  constructor(tree: SourceTree, aliases: readonly Alias[] = [], parses: Parses = new Parses()) {
    this.tree = tree;
    this.program = new Program(tree, nodeLanguage(tree, aliases), parses);
  }

  /** Modules that an entry file reaches, itself first; empty when it cannot be read. */
  reach(file: string): Module[] {
    const module = this.program.load(file);
    return module ? this.program.reach([module]) : [];
  }

  /** Applications that the code reached from an entry makes. */
  applications(file: string): Instance[] {
    const out = new Map<string, Instance>();
    for (const module of this.reach(file)) {
      for (const { call, scope } of module.calls) {
        if (call.callee.k !== 'name' && call.callee.k !== 'member') continue;
        const value = this.program.evaluate(call, scope);
        for (const variant of variants(value)) {
          const app =
            expressApplication(variant) ??
            nestApplication(variant) ??
            (methodFramework(variant) && variant.t === 'instance' ? applicationBehind(variant) : undefined);
          if (app) out.set(app.id, app);
        }
      }
    }
    return [...out.values()];
  }

  /** What the program serves. Unknown when no application, or several, are made. */
  routes(file: string, env: Environment = NO_ENVIRONMENT): Fact<RouteTable> {
    const modules = this.reach(file);
    const [start] = modules;
    if (!start) return unknown(`${file} cannot be read`);
    const [app, ...more] = this.applications(file);
    if (!app)
      return unknown('the web framework is not known', {
        kind: 'source',
        at: start.place({ from: 0, to: 0 }),
        text: 'the file that is run',
      });
    const served = more.length > 0 ? this.served(modules, [app, ...more]) : app;
    if (!served) return unknown('several applications are made and which one listens is not known');
    const blind = computedRequire(modules);
    const framework = methodFramework(served);
    if (framework) return known(methodRoutes(this.program, served, framework, modules, env, blind));
    return known(
      nestApplication(served)
        ? nestRoutes(this.program, served, modules, env, blind)
        : expressRoutes(this.program, served, modules, env, blind),
    );
  }

  /** The one application that is not mounted into another; undefined when there are several such. */
  served(modules: readonly Module[], apps: readonly Instance[]): Instance | undefined {
    const mounted = new Set<string>();
    for (const module of modules) {
      for (const { call, scope } of module.calls) {
        if (call.callee.k !== 'member') continue;
        for (const arg of call.args)
          for (const value of variants(this.program.evaluate(arg.value, scope)))
            if (value.t === 'instance') for (const { id } of [value, applicationBehind(value)]) mounted.add(id);
      }
    }
    const free = apps.filter((app) => !mounted.has(app.id));
    return free.length === 1 ? free[0] : undefined;
  }

  listenCalls(modules: readonly Module[]): CallSite[] {
    return modules.flatMap((module) =>
      module.calls.filter(({ call, scope }) => {
        if (call.callee.k !== 'member' && call.callee.k !== 'name') return false;
        if (call.callee.name !== 'serve') return call.callee.k === 'member' && call.callee.name === 'listen';
        return describe(this.program.evaluate(call.callee, scope)) === '@hono/node-server.serve';
      }),
    );
  }

  /** Sockets that the program opens with `listen` calls. Unknown when none is found or one cannot be read. */
  listen(file: string, env: Environment = NO_ENVIRONMENT): Fact<readonly Listen[]> {
    const modules = this.reach(file);
    if (!modules[0]) return unknown(`${file} cannot be read`);
    const found: Listen[] = [];
    for (const site of this.listenCalls(modules)) {
      const listen = this.socket(site, env);
      if (listen) found.push(listen);
    }
    if (found.length > 0) found.push(...moreSockets(this.program, modules, env));
    if (found.length === 0)
      return unknown('no call of listen was found', {
        kind: 'source',
        at: modules[0].place({ from: 0, to: 0 }),
        text: 'the file that is run',
      });
    return known(
      found,
      ...found.flatMap((listen): Reason[] =>
        listen.at ? [{ kind: 'source', at: listen.at, text: 'listens here' }] : [],
      ),
    );
  }

  socket(site: CallSite, env: Environment): Listen | undefined {
    const { call, scope } = site;
    const receiver = call.callee.k === 'member' ? this.program.evaluate(call.callee.object, scope) : undefined;
    const about = receiver ? variants(receiver).map((value) => describe(value) ?? value.t) : [];
    // `page.listen(event)`, event emitters and mocks are no sockets: the first argument must be a port or options.
    const [first, second] = call.args;
    if (!first && !about.some((name) => /express|http|fastify|koa/i.test(name))) return undefined;
    const options = first?.value.k === 'dict' ? first.value : undefined;
    const at = scope.module.place({ from: call.from, to: Math.min(call.to, call.from + 120) });
    let port: Value | undefined;
    let host: Value | undefined;
    if (options) {
      const of = (name: string) => {
        const entry = options.entries.find((candidate) => candidate.key?.k === 'const' && candidate.key.value === name);
        return entry ? this.program.evaluate(entry.value, scope) : undefined;
      };
      port = of('port');
      host = of('host') ?? of('hostname');
      // Hono's serve listens on 3000 when no port is given.
      if (!port && of('fetch')) port = { t: 'const', value: 3000 };
      if (!port && !of('path')) return undefined;
    } else if (first) {
      port = this.program.evaluate(first.value, scope);
      if (port.t === 'func') return undefined;
      if (methodFramework(port) === 'Hono') port = { t: 'const', value: 3000 };
      if (port.t === 'dict') {
        const whole = port;
        port = this.program.member(whole, 'port', { kind: 'source', at, text: 'port' });
        host = this.program.member(whole, 'host', { kind: 'source', at, text: 'host' });
        if (host.t === 'bound') host = undefined;
      } else if (second && second.value.k !== 'func') {
        const value = this.program.evaluate(second.value, scope);
        // The second argument is a host, a backlog or a callback.
        if (
          value.t === 'const'
            ? typeof value.value === 'string'
            : value.t === 'env' || value.t === 'joined' || value.t === 'union'
        )
          host = value;
      }
    }
    const fastify = about.some((name) => /^fastify/.test(name));
    const reason: Reason = { kind: 'source', at, text: 'listens here' };
    const doubt =
      site.doubtful !== undefined && !/require\.main|import\.meta|NODE_ENV|isMain/.test(site.doubtful)
        ? site.doubtful
        : undefined;
    const portText = port ? textOf(port, env) : unknown('no port is given', reason);
    const hostText = host
      ? textOf(host, env)
      : known(fastify ? 'localhost' : '::', {
          kind: 'default',
          at,
          text: fastify
            ? 'Fastify listens on localhost when no host is given'
            : 'Node listens on all addresses when no host is given',
        });
    const number: Fact<number> = portText.known
      ? /^\d+$/.test(portText.value)
        ? known(Number(portText.value), reason, ...portText.because)
        : unknown(`the port ${portText.value} is not a number`, reason)
      : unknown(portText.why, reason, ...portText.because);
    const variable = port ? variableOf(port) : undefined;
    return {
      host: hostText,
      port: doubt === undefined ? number : unknown(`listens ${doubt}`, reason),
      protocol: about.some((name) => /^https/.test(name)) ? 'https' : 'http',
      at,
      ...(variable === undefined ? {} : { portVariable: variable }),
    };
  }

  environment(file: string | undefined, files: readonly string[], inlined?: RegExp): EnvReads {
    const reached = file === undefined ? undefined : new Set(this.reach(file));
    const all = new Set<Module>(reached ?? []);
    for (const path of files) {
      const module = this.program.load(path);
      if (module) all.add(module);
    }
    const entry = file === undefined ? undefined : this.program.load(file);
    return nodeEnvironment(this.program, [...all], reached, inlined, entry);
  }
}

export function computedRequire(modules: readonly Module[]): Reason | undefined {
  for (const module of modules) {
    for (const { call } of module.calls) {
      if (
        call.callee.k === 'name' &&
        call.callee.name === 'require' &&
        call.args[0] &&
        call.args[0].value.k !== 'const'
      )
        return {
          kind: 'source',
          at: module.place(call),
          text: 'files are required by computed names, which may add routes',
        };
    }
    const dynamic = module.imports.find((site) => site.module === '*computed');
    if (dynamic)
      return {
        kind: 'source',
        at: module.place(dynamic),
        text: 'files are imported by computed names, which may add routes',
      };
  }
  return undefined;
}

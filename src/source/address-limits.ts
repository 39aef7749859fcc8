import type { Place } from '../text/place.ts';
import { folderAbove, nodeOf } from './launch/node-programs.ts';
import type { Module } from './program/module.ts';
import type { Program } from './program/program.ts';
import { describe, variants } from './program/value.ts';
import { pythonEntries } from './python/process.ts';
import type { ProcessSource } from './source.ts';
import { joinPath } from './source-tree.ts';

/** A limit of requests that is counted for each address that connects, where headers of a proxy do not count. */
export interface AddressLimit {
  /** `express-rate-limit`. */
  readonly by: string;
  readonly at: Place;
}

/** Something takes the visitor's address from a header, or may. */
const TRUSTS = /trust[\s_-]*prox|forwarded|x[-_]real[-_]ip|cf[-_]connecting|request-ip|proxy-addr|ProxyFix|real_ip/i;

/** Limits that the code reached from the entry certainly uses. Empty: none, or the application believes a proxy. */
export function addressLimits(source: ProcessSource): readonly AddressLimit[] {
  const { entry, language, argv } = source.launch;
  const { env } = source.context;
  if (entry?.file === undefined || entry.kind === 'script') return [];
  if (TRUSTS.test(argv.join(' ')) || [...env.keys()].some((name) => TRUSTS.test(name))) return [];
  if (language === 'python') {
    const modules = source.python().program.reach(pythonEntries(source));
    return believes(modules) || serverSettings(source) ? [] : pythonLimits(modules);
  }
  if (language !== 'node') return [];
  const node = nodeOf(source.context, folderAbove(entry.file, source.context));
  const modules = node.reach(entry.file);
  return believes(modules) ? [] : [...nodeLimits(node.program, modules), ...writtenLimits(modules)];
}

function believes(modules: readonly Module[]): boolean {
  return modules.some(({ text }) => TRUSTS.test(text));
}

/** A file of settings of gunicorn names the proxies that it believes. */
function serverSettings({ launch, context }: ProcessSource): boolean {
  const { argv } = launch;
  const index = argv.findIndex((word) => word === '-c' || word === '--config');
  const named = index < 0 ? 'gunicorn.conf.py' : (argv[index + 1] ?? '').replace(/^(?:python|file):/, '');
  const file = named.startsWith('/') ? named : joinPath(context.cwd, named);
  return TRUSTS.test(context.tree.text(file) ?? '');
}

const ROUTING = new Set(['use', 'get', 'post', 'put', 'patch', 'delete', 'all', 'register', 'route']);
/** Read in express-rate-limit 8 and @fastify/rate-limit 10: the key is `request.ip` unless a keyGenerator is given. */
const LIMITERS = /^(express-rate-limit|@fastify\/rate-limit)(?:\.default|\.rateLimit)?(?:\(\))?$/;

function nodeLimits(program: Program, modules: readonly Module[]): readonly AddressLimit[] {
  for (const module of modules) {
    for (const { call, scope } of module.calls) {
      if (call.callee.k !== 'member' || !ROUTING.has(call.callee.name)) continue;
      for (const { value } of call.args) {
        for (const given of variants(program.evaluate(value, scope))) {
          const [, by] = LIMITERS.exec(describe(given) ?? '') ?? [];
          if (by === undefined) continue;
          const made = given.t === 'instance' ? given.scope.module : module;
          if (by.startsWith('express') && given.t !== 'instance') continue;
          if (made.text.includes('keyGenerator')) continue;
          return [{ by, at: given.t === 'instance' ? made.place(given.call) : module.place(call) }];
        }
      }
    }
  }
  return [];
}

/** `app.use((req, res, next) => { limiter.consume(req.ip)`, and NestJS's guard for every route. */
const CONSUMED =
  /\.use\(\s*(?:async\s*)?\(\s*req(?::[^,]+)?,\s*res(?::[^,]+)?,\s*next(?::[^)]+)?\)\s*=>\s*\{[^{}]{0,200}\.consume\(\s*req\.ip\b/;
const GUARD = /provide\s*:\s*APP_GUARD\s*,\s*useClass\s*:\s*ThrottlerGuard\b/;

function writtenLimits(modules: readonly Module[]): readonly AddressLimit[] {
  const place = (module: Module, pattern: RegExp): Place | undefined => {
    const match = pattern.exec(module.text);
    return match === null ? undefined : module.place({ from: match.index, to: match.index + match[0].length });
  };
  for (const module of modules) {
    const consumed = module.text.includes('rate-limiter-flexible') ? place(module, CONSUMED) : undefined;
    if (consumed !== undefined) return [{ by: 'rate-limiter-flexible', at: consumed }];
    const guarded = /ThrottlerModule\.forRoot/.test(module.text) ? place(module, GUARD) : undefined;
    if (guarded !== undefined && !modules.some(({ text }) => /getTracker|extends ThrottlerGuard/.test(text)))
      return [{ by: '@nestjs/throttler', at: guarded }];
  }
  return [];
}

/** slowapi takes `request.client.host`, Flask-Limiter `request.remote_addr`. */
const LIMITER = /\bLimiter\(\s*(?:\w+\s*,\s*|app\s*=\s*\w+\s*,\s*)?(?:key_func\s*=\s*)?get_remote_address\b/;

function pythonLimits(modules: readonly Module[]): readonly AddressLimit[] {
  const applied = modules.some(({ text }) => /@\w*limiter\.(?:limit|shared_limit)\(/.test(text));
  const everywhere = modules.some(({ text }) => /SlowAPI(?:ASGI)?Middleware|flask_limiter/.test(text));
  for (const module of modules) {
    const [, by] = /^\s*(?:from|import)\s+(slowapi|flask_limiter)\b/m.exec(module.text) ?? [];
    const match = by === undefined ? null : LIMITER.exec(module.text);
    if (by === undefined || match === null) continue;
    if (!applied && !(everywhere && /default_limits\s*=|application_limits\s*=/.test(module.text))) continue;
    return [{ by, at: module.place({ from: match.index, to: match.index + match[0].length }) }];
  }
  return [];
}

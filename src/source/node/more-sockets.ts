import { type Fact, known, type Reason, unknown } from '../../facts/fact.ts';
import type { Listen } from '../launch/launch.ts';
import { entryOf } from '../program/entry-of.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Environment, textOf, type Value, variableOf } from '../program/value.ts';

/** Sockets that code opens with other calls than `listen`: microservices of NestJS, gRPC, WebSocket servers, Apollo. One that cannot be read counts
 * with an unknown port. */
export function moreSockets(program: Program, modules: readonly Module[], env: Environment): readonly Listen[] {
  const out: Listen[] = [];
  for (const module of modules) {
    const wrapped = module.imports.find((one) => WRAPS.test(one.module));
    if (wrapped !== undefined) {
      const at = module.place(wrapped);
      const port = unknown(`${wrapped.module} may listen, where is not known`, {
        kind: 'source',
        at,
        text: 'is imported',
      });
      out.push({ host: known('0.0.0.0'), port, protocol: 'tcp', at });
    }
    if (!/connectMicroservice|bindAsync|WebSocket|startStandaloneServer|socket\.io/.test(module.text)) continue;
    for (const site of module.calls) {
      const found = socketOf(program, site);
      if (found === undefined) continue;
      const at = module.place({ from: site.call.from, to: Math.min(site.call.to, site.call.from + 120) });
      const reason: Reason = { kind: 'source', at, text: 'listens here' };
      const variable = typeof found === 'string' ? undefined : variableOf(found);
      out.push({
        host: known('0.0.0.0', reason),
        port: typeof found === 'string' ? unknown(found, reason) : portIn(textOf(found, env), reason),
        protocol: 'tcp',
        at,
        ...(variable === undefined ? {} : { portVariable: variable }),
      });
    }
  }
  return out;
}

/** Packages that open a gRPC server of their own; the two of gRPC itself do so by a call. */
const WRAPS = /^(?![./~]|@\/|src\/|@grpc\/(grpc-js|proto-loader)).*grpc/i;

/** The value that holds the port, or why it is not known; undefined when the call opens no socket. */
function socketOf(program: Program, site: CallSite): Value | string | undefined {
  const { call, scope } = site;
  if (call.callee.k !== 'member' && call.callee.k !== 'name') return undefined;
  const name = describe(program.evaluate(call.callee, scope)) ?? '';
  const [first, second] = call.args;
  const given = first && program.evaluate(first.value, scope);
  if (call.callee.name === 'connectMicroservice')
    return given === undefined ? 'a microservice listens, where is not known' : transport(program, given);
  if (call.callee.name === 'bindAsync') return given ?? 'gRPC listens, where is not known';
  if (/^ws(\.default)?(\.(WebSocketServer|Server|WebSocket\.Server))$/.test(name) && call.isNew) {
    if (given?.t !== 'dict') return 'a WebSocket server may listen, where is not known';
    return entryOf(program, given, 'port');
  }
  if (/^socket\.io(\.Server)?$/.test(name) && given !== undefined)
    return given.t === 'const' || given.t === 'env' || (given.t === 'union' && variableOf(given) !== undefined)
      ? given
      : undefined;
  if (/\.startStandaloneServer$/.test(name)) {
    const options = second && program.evaluate(second.value, scope);
    const listen = options && entryOf(program, options, 'listen');
    return (listen && entryOf(program, listen, 'port')) ?? { t: 'const', value: 4000 };
  }
  return undefined;
}

/** Brokers are connected to; TCP and gRPC listen. */
function transport(program: Program, options: Value): Value | string | undefined {
  const unclear = 'a microservice may listen, where is not known';
  const kind = entryOf(program, options, 'transport');
  const name = kind && /Transport\.(\w+)$/.exec(describe(kind) ?? '')?.[1];
  if (name !== undefined && /^(RMQ|KAFKA|REDIS|NATS|MQTT)$/.test(name)) return undefined;
  const settings = entryOf(program, options, 'options');
  if (settings === undefined) return unclear;
  if (name === 'GRPC') return entryOf(program, settings, 'url') ?? unclear;
  return name === 'TCP' ? (entryOf(program, settings, 'port') ?? { t: 'const', value: 3000 }) : unclear;
}

/** A port alone, or behind a host. */
function portIn(text: Fact<string>, reason: Reason): Fact<number> {
  if (!text.known) return unknown(text.why, reason, ...text.because);
  const port = /(?:^|:)(\d+)$/.exec(text.value)?.[1];
  return port === undefined
    ? unknown(`${text.value} names no port`, reason)
    : known(Number(port), reason, ...text.because);
}

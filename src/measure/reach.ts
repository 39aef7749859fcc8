import { type Outcome, succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import type { RunningStack } from './stack.ts';

const python = `import socket,sys
for t in sys.argv[1:]:
    h,p=t.rsplit(':',1)
    try:
        socket.create_connection((h,int(p)),1).close(); print('yes',t)
    except OSError: print('no',t)`;
const node = `const n=require('net');for(const t of process.argv.slice(1)){const i=t.lastIndexOf(':');const s=n.connect({host:t.slice(0,i),port:+t.slice(i+1),timeout:1000});
const e=w=>{console.log(w,t);s.destroy()};s.once('connect',()=>e('yes')).once('error',()=>e('no')).once('timeout',()=>e('no'))}`;
const shell = `command -v nc >/dev/null || exit 127; for t; do if nc -z -w 1 "\${t%:*}" "\${t##*:}" </dev/null >/dev/null 2>&1; then echo yes $t; else echo no $t; fi; done`;
const bash = `for t; do if timeout 1 bash -c "exec 3<>/dev/tcp/\${t%:*}/\${t##*:}" 2>/dev/null; then echo yes $t; else echo no $t; fi; done`;

/** Ways to open a connection from inside a container, by what images have. */
const ways: readonly (readonly string[])[] = [
  ['python3', '-c', python],
  ['node', '-e', node],
  ['/nodejs/bin/node', '-e', node],
  ['bash', '-c', bash, 'bash'],
  ['sh', '-c', shell, 'sh'],
];

/** Which service opens a connection to which: tried from inside every container that has a tool for it. */
export async function reachRow(stack: RunningStack, seen: readonly Container[]): Promise<Row> {
  const running = seen.filter((container) => container.running);
  if (running.length < 2) return notMeasured('stack.reach', 'fewer than two services are running');
  const ports = new Map<string, number>();
  for (const container of running) {
    const port = await listening(stack, container);
    if (port !== undefined) ports.set(container.service, port);
  }
  const reached: string[] = [];
  const apart: string[] = [];
  const unknown: string[] = [];
  let from: Outcome | undefined;
  for (const container of running) {
    const targets = [...ports].filter(([service]) => service !== container.service);
    const asked = await connect(
      stack,
      container,
      targets.map(([service, port]) => `${service}:${port}`),
    );
    if (asked === undefined) {
      unknown.push(container.service);
      continue;
    }
    from = asked;
    for (const [service, port] of targets) {
      const yes = asked.stdout.includes(`yes ${service}:${port}`);
      (yes ? reached : apart).push(`${container.service} → ${service}`);
    }
  }
  if (from === undefined) return notMeasured('stack.reach', 'no container has a tool that can open a connection');
  const text = [
    `${reached.length === 0 ? 'nobody reaches anybody' : reached.join(', ')}`,
    ...(apart.length === 0 ? [] : [`not: ${apart.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`not tried from: ${unknown.join(', ')} (no tool in the image)`]),
  ].join('; ');
  return measured('stack.reach', reached.length === 0 ? 'nobody' : reached.join(', '), text, from);
}

async function connect(
  stack: RunningStack,
  container: Container,
  targets: readonly string[],
): Promise<Outcome | undefined> {
  if (targets.length === 0) return undefined;
  for (const way of ways) {
    const outcome = await stack.engine.command(['exec', container.id, ...way, ...targets], {
      ...stack.call,
      seconds: 5 + 2 * targets.length,
    });
    if (succeeded(outcome) && /^(yes|no) /m.test(outcome.stdout)) return outcome;
  }
  return undefined;
}

/** A port on which the container listens: what the kernel says, else what it exposes. */
async function listening(stack: RunningStack, container: Container): Promise<number | undefined> {
  const said = stack.services.find((service) => service.name === container.service)?.ports[0];
  const tables = await stack.engine.command(['exec', container.id, 'cat', '/proc/net/tcp', '/proc/net/tcp6'], {
    ...stack.call,
    seconds: 5,
  });
  const open = listeningPorts(tables.stdout);
  const candidates = [said, ...container.exposed].filter((port) => port !== undefined);
  return candidates.find((port) => open.includes(port)) ?? open[0] ?? candidates[0];
}

/** Ports in state LISTEN of /proc/net/tcp that are not bound to the loopback, smallest first. */
export function listeningPorts(table: string): number[] {
  const ports = new Set<number>();
  for (const line of table.split('\n')) {
    const [, address = '', hex = '', state] =
      /^\s*\d+:\s+([0-9A-F]+):([0-9A-F]{4})\s+\S+\s+([0-9A-F]{2})/.exec(line) ?? [];
    // 127.x as the kernel writes it (little-endian); Docker's own resolver listens on 127.0.0.11.
    const loopback = /^[0-9A-F]{6}7F$/.test(address) || /^0{24}01000000$/.test(address);
    if (state === '0A' && !loopback) ports.add(Number.parseInt(hex, 16));
  }
  return [...ports].sort((a, b) => a - b);
}

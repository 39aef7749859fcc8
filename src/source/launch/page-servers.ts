import { type Fact, known } from '../../facts/fact.ts';
import { type DevProxy, nextRewrites, packageProxy, viteServers } from '../node/dev-proxy.ts';
import { textOf } from '../program/value.ts';
import { ANYWHERE, type LaunchContext } from './context.ts';
import type { Launch } from './launch.ts';
import { nodeOf } from './node-programs.ts';

/** What vite.config says of host and port; `unread` when it cannot be read. */
export function viteSettings(
  verb: string | undefined,
  argv: readonly string[],
  context: LaunchContext,
): { readonly host?: Fact<string>; readonly port?: Fact<string> } | 'unread' {
  if (argv.some((word) => /^(--config|-c)(=|$)/.test(word))) return 'unread';
  const found = viteServers(nodeOf(context).program, context);
  if (found === 'none') return {};
  if (found === undefined) return 'unread';
  const server = verb === 'preview' ? 'preview' : 'server';
  const [host, port] = [found.setting(server, 'host'), found.setting(server, 'port')];
  const said = host && textOf(host, context.env);
  return {
    ...(said === undefined
      ? {}
      : {
          host:
            said.known && /^(true|false)$/.test(said.value)
              ? known(said.value === 'true' ? ANYWHERE : 'localhost')
              : said,
        }),
    ...(port === undefined ? {} : { port: textOf(port, context.env) }),
  };
}

/** Addresses that the server of a page hands paths on to. */
export function devProxies(launch: Launch, context: LaunchContext): readonly DevProxy[] {
  if (launch.program === 'react-scripts' || launch.program === 'craco') return packageProxy(context);
  const { program } = nodeOf(context);
  if (launch.program === 'next') return nextRewrites(program, context);
  if (launch.program !== 'vite' || launch.argv.some((word) => /^(--config|-c)(=|$)/.test(word))) return [];
  const found = viteServers(program, context);
  return found === 'none' || found === undefined ? [] : found.proxies;
}

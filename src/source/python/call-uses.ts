import type { Place } from '../../text/place.ts';
import { runsAtLoad } from '../program/demands.ts';
import type { CallSite, Module } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, NO_ENVIRONMENT, textOf } from '../program/value.ts';
import { argument, textList } from './arguments.ts';
import type { Release } from './releases.ts';

/** A call that a later release refuses whenever it is made: the process starts, and what makes the call fails each time. */
export interface RefusedCall extends Pick<Release, 'distribution' | 'from' | 'python' | 'unless' | 'beside'> {
  /** The last name of what is called. */
  readonly name: RegExp;
  /** What is called, as far as the code says. */
  readonly called: RegExp;
  /** `pages of NAME end with 500`. */
  readonly effect: string;
  readonly text: string;
  /** What fails where the distribution is not there at all, from which Python on. */
  readonly missing?: { readonly python: string; readonly text: string };
  /** While it is loaded the call ends the process: another finding. */
  readonly late?: true;
  readonly refused: (program: Program, site: CallSite) => boolean;
}

/** Each was seen to fail on 2026-11-21 (Starlette 1.10.0, passlib 1.7.4 with bcrypt 5.0.0; with httpx 0.28.1 the clients of openai 1.0.0
 * to 1.55.2 and ChatOpenAI, OpenAI, OpenAIEmbeddings and AzureChatOpenAI of langchain_openai 0.0.8 to 0.2.9). */
export const REFUSED: readonly RefusedCall[] = [
  {
    distribution: 'starlette',
    from: '1',
    python: '3.10',
    name: /^TemplateResponse$/,
    called: /\.Jinja2Templates\(\)\.TemplateResponse$/,
    effect: 'every page that it makes of a template ends with 500',
    text: 'Starlette 1 takes the request first in TemplateResponse, then the name',
    refused(program, { call, scope }) {
      const first = argument(call, 'request', 0);
      if (first === undefined) return !call.args.some((arg) => arg.spread > 0 || arg.name === 'request');
      return first.name === undefined && textOf(program.evaluate(first.value, scope), NO_ENVIRONMENT).known;
    },
  },
  {
    distribution: 'bcrypt',
    from: '5',
    python: '3.8',
    name: /^CryptContext$/,
    called: /^passlib\.context\.CryptContext$/,
    beside: { distribution: 'passlib', from: '1', below: 'none' },
    effect: 'every password that it hashes or compares ends with 500',
    // Earlier ones have the crypt module, which does as well.
    missing: { python: '3.13', text: 'passlib needs bcrypt under Python 3.13, and nothing installs it' },
    text: 'passlib tries bcrypt with a secret of more than 72 bytes, which bcrypt 5 refuses',
    refused(program, { call, scope }) {
      const schemes = argument(call, 'schemes', 0);
      const names = schemes && textList(program, program.evaluate(schemes.value, scope), NO_ENVIRONMENT);
      return /^bcrypt(_sha256)?$/.test(names?.[0] ?? '');
    },
  },
  {
    distribution: 'httpx',
    from: '0.28',
    python: '3.8',
    name: /OpenAI(Embeddings)?$/,
    called: /^openai\.(Async)?(Azure)?OpenAI$|^langchain_openai\.(\w+\.)*(Azure)?(Chat)?OpenAI(Embeddings)?$/,
    beside: { distribution: 'openai', from: '1', below: '1.55.3' },
    effect: 'every request that asks the model fails',
    late: true,
    text: 'openai before 1.55.3 makes its client with proxies, which httpx 0.28 refuses',
    refused: (_, { call }) => !call.args.some((arg) => arg.spread > 0 || arg.name === 'http_client'),
  },
];

/** A place in code that makes such a call. Plain data: the index in the table. */
export interface CallUse {
  readonly refused: number;
  readonly at: Place;
}

/** Such calls in all modules that the start reaches, wherever they stand. */
export function callUses(program: Program, entries: readonly Module[]): readonly CallUse[] {
  return program.reach(entries).flatMap((module) =>
    REFUSED.flatMap((row, refused) =>
      module.calls
        .filter((site) => {
          const { callee } = site.call;
          const name = callee.k === 'name' || callee.k === 'member' ? callee.name : '';
          if (!row.name.test(name) || site.caught || (row.late && runsAtLoad(site))) return false;
          return row.called.test(describe(program.evaluate(callee, site.scope)) ?? '') && row.refused(program, site);
        })
        .map((site) => ({ refused, at: module.place(site.call) })),
    ),
  );
}

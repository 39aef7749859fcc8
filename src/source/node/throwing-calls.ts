import type { CallSite } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { describe, type Value } from '../program/value.ts';
import { folderOf, joinPath, type SourceTree } from '../source-tree.ts';

/** A call of a library that throws, or gives a rejected promise, when it is handed `undefined`. */
interface Throwing {
  readonly callee: RegExp;
  /** Arguments that must be there: by position, and by key in an object. */
  readonly needs: readonly { readonly arg: number; readonly key?: string }[];
  /** With one of these keys nothing is missing. */
  readonly unless?: RegExp;
  /** The variable that the library reads itself when it is given nothing. */
  readonly own?: string;
  readonly mostArgs?: number;
  readonly since?: { readonly name: string; readonly major: number };
  /** A promise: what catches it catches the failure. */
  readonly rejects?: true;
}

/** Each was called with `undefined` on 2026-11-21: openai 4 to 6, groq-sdk 1, stripe 11 to 20 (from 17 on), @supabase/supabase-js 2, resend 1 to 6,
 * mongodb 5 to 7, mongoose 5 to 9, passport-jwt 4, passport-google-oauth20 2, passport-github2 0.1, passport-facebook 3, razorpay 2,
 * sequelize 6, connect-mongo 4 to 6, web-push 3, mysql2 3, @pinecone-database/pinecone. */
const THROWING: readonly Throwing[] = [
  {
    callee: /^openai(\.OpenAI|\.default)?$/,
    needs: [{ arg: 0, key: 'apiKey' }],
    own: 'OPENAI_API_KEY',
    unless: /^(adminAPIKey|workloadIdentity)$/,
  },
  { callee: /^groq-sdk(\.Groq|\.default)?$/, needs: [{ arg: 0, key: 'apiKey' }], own: 'GROQ_API_KEY' },
  { callee: /^@pinecone-database\/pinecone\.Pinecone$/, needs: [{ arg: 0, key: 'apiKey' }], own: 'PINECONE_API_KEY' },
  { callee: /^resend\.Resend$/, needs: [{ arg: 0 }], own: 'RESEND_API_KEY' },
  {
    callee: /^stripe(\.Stripe|\.default)?$/,
    needs: [{ arg: 0 }],
    since: { name: 'stripe', major: 17 },
    unless: /^authenticator$/,
  },
  { callee: /^@supabase\/supabase-js\.createClient$/, needs: [{ arg: 0 }, { arg: 1 }] },
  { callee: /^mongodb\.MongoClient$/, needs: [{ arg: 0 }] },
  { callee: /^mongoose(\.default)?\.connect$/, needs: [{ arg: 0 }], rejects: true },
  { callee: /^passport-jwt\.Strategy$/, needs: [{ arg: 0, key: 'secretOrKey' }], unless: /^secretOrKeyProvider$/ },
  { callee: /^passport-(google-oauth20|github2?|facebook)\.Strategy$/, needs: [{ arg: 0, key: 'clientID' }] },
  { callee: /^razorpay(\.default)?$/, needs: [{ arg: 0, key: 'key_id' }], unless: /^oauthToken$/ },
  { callee: /^sequelize\.Sequelize$/, needs: [{ arg: 0 }], mostArgs: 2 },
  { callee: /^connect-mongo(\.default)?\.create$/, needs: [{ arg: 0, key: 'mongoUrl' }], unless: /^client(Promise)?$/ },
  { callee: /^web-push(\.default)?\.setVapidDetails$/, needs: [{ arg: 1 }, { arg: 2 }] },
  { callee: /^mysql2(\/promise)?\.createPool$/, needs: [{ arg: 0 }], mostArgs: 1 },
];

/** One value without which a call throws. */
export interface Needed {
  /** Undefined: the library reads its own variable. */
  readonly value?: Value;
  readonly own?: string;
  readonly rejects: boolean;
}

/** The values without which a call throws; none for calls that are not known to. */
export function neededBy(program: Program, tree: SourceTree, site: CallSite): readonly Needed[] {
  const { call, scope } = site;
  const name = calledName(program, site);
  const found = name === undefined ? undefined : THROWING.find((one) => one.callee.test(name));
  if (found === undefined || call.args.some((arg) => arg.spread > 0)) return [];
  if (found.mostArgs !== undefined && call.args.length > found.mostArgs) return [];
  if (found.since && !(lowestMajor(tree, scope.module.path, found.since.name) >= found.since.major)) return [];
  const own = found.own === undefined ? {} : { own: found.own };
  return found.needs.flatMap(({ arg, key }): readonly Needed[] => {
    const given = call.args[arg] ? program.evaluate(call.args[arg].value, scope) : undefined;
    const rejects = found.rejects === true;
    if (given === undefined) return found.own === undefined ? [] : [{ ...own, rejects }];
    if (key === undefined) return [{ value: given, ...own, rejects }];
    if (given.t !== 'dict') return [];
    const keys = given.entries.map((entry) =>
      entry.key?.expr.k === 'const' ? String(entry.key.expr.value) : undefined,
    );
    if (keys.includes(undefined) || keys.some((one) => one !== undefined && found.unless?.test(one))) return [];
    const entry = given.entries[keys.indexOf(key)];
    if (entry === undefined) return found.own === undefined ? [] : [{ ...own, rejects }];
    return [{ value: program.evaluate(entry.value.expr, entry.value.scope), ...own, rejects }];
  });
}

/** The dotted name of what is called; `super(…)` of a class made with NestJS's PassportStrategy calls the strategy. */
function calledName(program: Program, { call, scope }: CallSite): string | undefined {
  if (call.callee.k !== 'name' || call.callee.name !== 'super') return describe(program.evaluate(call.callee, scope));
  let owner = scope;
  while (owner.cls === undefined && owner.parent) owner = owner.parent;
  const base = owner.cls?.bases[0];
  const value = base && program.evaluate(base, owner.parent ?? owner);
  if (value?.t !== 'instance' || describe(value.made) !== '@nestjs/passport.PassportStrategy') return undefined;
  const [first] = value.call.args;
  return first && describe(program.evaluate(first.value, value.scope));
}

/** The lowest major release that the nearest manifest allows; NaN where it does not say. */
function lowestMajor(tree: SourceTree, file: string, name: string): number {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const text = tree.text(joinPath(folder, 'package.json'));
    const range = text === undefined ? undefined : new RegExp(`"${name}"\\s*:\\s*"([^"]+)"`).exec(text)?.[1];
    if (range !== undefined) return Number(/^[\^~>=v\s]*(\d+)/.exec(range)?.[1] ?? Number.NaN);
    if (folder === '' || folder === '/') return Number.NaN;
  }
}

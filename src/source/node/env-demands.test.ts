import { expect, test } from 'vitest';
import { memoryTree } from '../memory-tree.ts';
import { SourceReader } from '../source.ts';

/** Names of variables without which the program certainly ends while it starts. */
function demands(code: string, files: Record<string, string> = {}): string[] {
  const tree = memoryTree({ 'package.json': '{"dependencies":{"stripe":"^17.0.0"}}', ...files, 'i.ts': code });
  const { reads } = new SourceReader(tree).process(['tsx', 'i.ts'], '').environment;
  const names = reads.flatMap((read) =>
    read.when === 'import' && read.required.known && read.required.value ? [read.name] : [],
  );
  return [...new Set(names)].sort();
}

test('what a function that is called at start demands is demanded', () => {
  const check = 'function check() { if (!process.env.DB) { process.exit(1); } }';
  expect(demands(`${check} check();`)).toEqual(['DB']);
  expect(demands(`${check} if (x) check();`)).toEqual([]);
  expect(demands(`${check} export const later = () => check();`)).toEqual([]);
  expect(demands('async function main() { if (dry) return; if (!process.env.DB) throw new Error(); } main();')).toEqual(
    [],
  );
  expect(
    demands('const run = async () => { const url = process.env.DB; if (!url) throw new Error("x"); }; run();'),
  ).toEqual(['DB']);
  expect(
    demands(
      'class App { constructor() { this.open(); } open() { if (!process.env.DB) throw new Error(); } } new App();',
    ),
  ).toEqual(['DB']);
  expect(
    demands("import connect from './db'; connect();", {
      'db.ts': 'export default async () => { if (!process.env.DB) throw new Error("x"); };',
    }),
  ).toEqual(['DB']);
  expect(
    demands(
      'import e from "express"; const app = e(); app.listen(3000, () => { if (!process.env.DB) throw new Error(); });',
    ),
  ).toEqual(['DB']);
});

test('a rejection that is only logged ends nothing; one after which the process exits does', () => {
  const main = 'async function main() { if (!process.env.DB) throw new Error("x"); }';
  expect(demands(`${main} main().catch((e) => console.error(e));`)).toEqual([]);
  expect(demands(`${main} main().catch((e) => { console.error(e); process.exit(1); });`)).toEqual(['DB']);
  expect(demands('try { if (!process.env.DB) throw new Error("x"); } catch (e) { console.log(e); }')).toEqual([]);
  expect(demands('try { if (!process.env.DB) throw new Error("x"); } catch (e) { process.exit(1); }')).toEqual(['DB']);
});

test('lists of names are gone through', () => {
  const list = "const required = ['A', 'B'];";
  expect(demands(`${list} for (const name of required) { if (!process.env[name]) throw new Error(name); }`)).toEqual([
    'A',
    'B',
  ]);
  expect(demands(`${list} required.forEach((name) => { if (!process.env[name]) { process.exit(1); } });`)).toEqual([
    'A',
    'B',
  ]);
  expect(
    demands(
      `${list} const missing = required.filter((key) => !process.env[key]); if (missing.length > 0) { throw new Error('x'); }`,
    ),
  ).toEqual(['A', 'B']);
  expect(
    demands(
      `${list} const missing = required.filter((key) => !process.env[key]); if (missing.length > 0) { console.warn('x'); }`,
    ),
  ).toEqual([]);
  expect(
    demands(
      `${list} const missing = required.filter((key) => process.env[key]); if (missing.length > 0) { throw new Error('x'); }`,
    ),
  ).toEqual([]);
});

test('a function that fetches variables by name demands what it is asked for at start', () => {
  const need =
    'function need(name: string): string { const value = process.env[name]; if (!value) { throw new Error(name); } return value; }';
  expect(demands(`${need} export const config = { db: need('DB'), key: need('KEY') };`)).toEqual(['DB', 'KEY']);
  expect(demands(`${need} export const later = () => need('DB');`)).toEqual([]);
  const lax =
    'function need(name: string, other?: string) { const value = process.env[name]; if (!value && !other) { throw new Error(name); } return value ?? other; }';
  expect(demands(`${lax} export const db = need('DB', 'x');`)).toEqual([]);
});

test('libraries that throw without a value demand it', () => {
  expect(demands("import OpenAI from 'openai'; new OpenAI({ apiKey: process.env.OPENAI_API_KEY });")).toEqual([
    'OPENAI_API_KEY',
  ]);
  expect(demands("import OpenAI from 'openai'; new OpenAI();")).toEqual(['OPENAI_API_KEY']);
  expect(demands("import OpenAI from 'openai'; new OpenAI({ apiKey: process.env.OTHER });")).toEqual([]);
  expect(demands("import OpenAI from 'openai'; new OpenAI({ apiKey: process.env.OPENAI_API_KEY || 'none' });")).toEqual(
    [],
  );
  expect(
    demands(
      "import Stripe from 'stripe'; export const stripe = new Stripe(process.env.STRIPE_KEY as string, { apiVersion: 'x' });",
    ),
  ).toEqual(['STRIPE_KEY']);
  expect(
    demands("import Stripe from 'stripe'; new Stripe(process.env.STRIPE_KEY!);", {
      'package.json': '{"dependencies":{"stripe":"^14.1.0"}}',
    }),
  ).toEqual([]);
  expect(demands("import Stripe from 'stripe'; export const pay = () => new Stripe(process.env.STRIPE_KEY!);")).toEqual(
    [],
  );
  expect(
    demands(
      "import { createClient } from '@supabase/supabase-js'; const { URL_X } = process.env; createClient(URL_X!, process.env.KEY!);",
    ),
  ).toEqual(['KEY', 'URL_X']);
  expect(demands("import mongoose from 'mongoose'; mongoose.connect(process.env.MONGO_URI);")).toEqual(['MONGO_URI']);
  expect(
    demands(
      "import mongoose from 'mongoose'; mongoose.connect(process.env.MONGO_URI).then(() => 1).catch((e) => console.log(e));",
    ),
  ).toEqual([]);
  expect(demands("import mongoose from 'mongoose'; mongoose.connect(`${process.env.MONGO_URI}/db`);")).toEqual([]);
});

test('providers of a NestJS module are made at start', () => {
  const main = `import { NestFactory } from '@nestjs/core'; import { AppModule } from './app';
    async function bootstrap() { const app = await NestFactory.create<X>(AppModule); await app.listen(3000); } bootstrap();`;
  const app = (jwt: string) => ({
    'app.ts': `import { Module } from '@nestjs/common'; import { ConfigModule } from '@nestjs/config'; import { Auth } from './auth';
      @Module({ imports: [ConfigModule.forRoot({ isGlobal: true }), Auth] }) export class AppModule {}`,
    'auth.ts': `import { Module, Injectable } from '@nestjs/common'; import { ConfigService } from '@nestjs/config';
      import { PassportStrategy } from '@nestjs/passport'; import { Strategy, ExtractJwt } from 'passport-jwt'; import { JwtModule } from '@nestjs/jwt';
      @Injectable() export class Jwt extends PassportStrategy(Strategy) {
        constructor(private readonly config: ConfigService) { super({ jwtFromRequest: ExtractJwt.fromHeader('x'), secretOrKey: ${jwt} }); } }
      @Module({ imports: [JwtModule.registerAsync({ inject: [ConfigService], useFactory: (c: ConfigService) => ({ secret: c.getOrThrow<string>('TTL_KEY') }) })], providers: [Jwt] }) export class Auth {}`,
  });
  expect(demands(main, app("config.get<string>('JWT_SECRET')"))).toEqual(['JWT_SECRET', 'TTL_KEY']);
  expect(demands(main, app("config.get('JWT_SECRET', 'dev')"))).toEqual(['TTL_KEY']);
  expect(demands(main, app("config.get('JWT_SECRET') || 'dev'"))).toEqual(['TTL_KEY']);
});

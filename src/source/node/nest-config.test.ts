import { expect, test } from 'vitest';
import { known } from '../../facts/fact.ts';
import { memoryTree } from '../memory-tree.ts';
import { type ProcessSource, SourceReader } from '../source.ts';

const PACKAGE = '{"dependencies":{"@nestjs/core":"11","@nestjs/config":"4"}}';
const MAIN = (port: string) => `import { NestFactory } from '@nestjs/core';
  import { ConfigService } from '@nestjs/config';
  import { AppModule } from './app.module';
  async function bootstrap() {
    const app = await NestFactory.create(AppModule);
    const config = app.get(ConfigService);
    await app.listen(${port});
  }
  bootstrap();`;
const MODULE = (options: string, more = '') => `import { Module } from '@nestjs/common';
  import { ConfigModule, ConfigService } from '@nestjs/config';
  ${more}
  @Module({ imports: [ConfigModule.forRoot(${options})] }) export class AppModule {}`;

function start(files: Record<string, string>, env: Record<string, string> = {}): ProcessSource {
  return new SourceReader(memoryTree({ 'package.json': PACKAGE, ...files })).process(['node', 'src/main.ts'], '', {
    env: new Map(Object.entries(env).map(([name, value]) => [name, known(value)])),
  });
}

function port(process: ProcessSource): string {
  const { listen } = process.launch;
  if (!listen.known) return listen.why;
  const fact = listen.value[0]?.port;
  return fact?.known ? String(fact.value) : (fact?.why ?? 'none');
}

const need = (process: ProcessSource, name: string): string =>
  process.environment.reads
    .filter((read) => read.name === name)
    .map((read) => `${read.when} ${read.required.known ? read.required.value : 'undecided'}`)
    .join(', ');

test('a port that ConfigService gives is the variable of that name, else the default', () => {
  const files = { 'src/main.ts': MAIN("config.get<number>('PORT', 3000)"), 'src/app.module.ts': MODULE('{}') };
  expect(port(start(files))).toBe('3000');
  expect(port(start(files, { PORT: '8080' }))).toBe('8080');
  expect(port(start({ ...files, 'src/main.ts': MAIN("config.get('PORT') ?? 4000") }))).toBe('4000');
  expect(port(start({ ...files, 'src/main.ts': MAIN('config.get(NAME)') }))).toBe('a setting with a computed name');
});

test('settings that are loaded are followed to the variables behind them', () => {
  const own = "const settings = () => ({ server: { port: parseInt(process.env.HTTP_PORT || '5000', 10) } });";
  const main = MAIN("config.get('server.port')");
  expect(port(start({ 'src/main.ts': main, 'src/app.module.ts': MODULE('{ load: [settings] }', own) }))).toBe('5000');
  const spaced =
    "import { registerAs } from '@nestjs/config'; const server = registerAs('server', () => ({ port: process.env.HTTP_PORT }));";
  const files = { 'src/main.ts': main, 'src/app.module.ts': MODULE('{ load: [server] }', spaced) };
  expect(port(start(files, { HTTP_PORT: '81' }))).toBe('81');
  const computed = { 'src/main.ts': main, 'src/app.module.ts': MODULE('{ load: [make()] }') };
  expect(port(start(computed))).toBe('what ConfigModule loads is computed');
});

test('a schema gives defaults and demands what is required', () => {
  const joi =
    "import * as Joi from 'joi'; const schema = Joi.object({ PORT: Joi.number().default(9000), DB: Joi.string().required(), LOG: Joi.string(), MODE: Joi.string().when('X', { is: 1 }) });";
  const process = start({
    'src/main.ts': MAIN("config.get('PORT')"),
    'src/app.module.ts': MODULE('{ validationSchema: schema }', joi),
  });
  expect(port(process)).toBe('9000');
  expect(need(process, 'DB')).toBe('import true');
  expect(need(process, 'LOG')).toBe('import false');
  expect(need(process, 'MODE')).toBe('import undecided');
  const zod =
    "import { z } from 'zod'; const schema = z.object({ DB: z.string(), PORT: z.coerce.number().default(7000) });";
  const parsed = start({
    'src/main.ts': MAIN("config.get('PORT')"),
    'src/app.module.ts': MODULE('{ validate: (env) => schema.parse(env) }', zod),
  });
  expect(port(parsed)).toBe('7000');
  expect(need(parsed, 'DB')).toBe('import true');
});

test('a class that class-validator looks at demands what it does not call optional', () => {
  const checks = `import { plainToInstance } from 'class-transformer'; import { IsString, IsOptional, IsNumber, validateSync } from 'class-validator';
    class Env { @IsString() DB: string; @IsOptional() @IsString() LOG?: string; @IsNumber() PORT: number = 3100; }
    export function check(config: Record<string, unknown>) {
      const made = plainToInstance(Env, config, { enableImplicitConversion: true });
      const errors = validateSync(made, { skipMissingProperties: SKIP });
      if (errors.length > 0) throw new Error(errors.toString());
      return made;
    }`;
  const files = (skip: string) => ({
    'src/main.ts': MAIN("config.get('PORT')"),
    'src/app.module.ts': MODULE('{ validate: check }', checks.replace('SKIP', skip)),
  });
  expect(port(start(files('false')))).toBe('3100');
  expect(need(start(files('false')), 'DB')).toBe('import true');
  expect(need(start(files('false')), 'LOG')).toBe('import undecided');
  expect(need(start(files('true')), 'DB')).toBe('import undecided');
});

test('services that get ConfigService injected read through it', () => {
  const service = `import { Injectable } from '@nestjs/common'; import { ConfigService } from '@nestjs/config';
    @Injectable() export class Mail { constructor(private readonly settings: ConfigService) {}
      send() { return [this.settings.get('MAIL_HOST'), this.settings.get<string>('MAIL_PORT', '25')]; } }`;
  const process = start({
    'src/main.ts': MAIN('3000'),
    'src/app.module.ts': MODULE('{}', "import './mail';"),
    'src/mail.ts': service,
  });
  expect(need(process, 'MAIL_HOST')).toBe('call undecided');
  expect(need(process, 'MAIL_PORT')).toBe('call false');
  expect(process.environment.files.map(({ path }) => path.known && path.value)).toEqual(['.env']);
});

test('sockets beside the one of HTTP count, and one that cannot be read leaves the ports in doubt', () => {
  const listens = (line: string): string => {
    const main = MAIN('3000').replace('await app.listen', `${line} await app.listen`);
    const { listen } = start({
      'src/main.ts': `import { Transport } from '@nestjs/microservices'; import { WebSocketServer } from 'ws'; ${main}`,
      'src/app.module.ts': MODULE('{}'),
    }).launch;
    return listen.known ? listen.value.map(({ port }) => (port.known ? port.value : '?')).join(' ') : listen.why;
  };
  expect(listens('app.connectMicroservice({ transport: Transport.TCP, options: { port: 4001 } });')).toBe('3000 4001');
  expect(listens("app.connectMicroservice({ transport: Transport.GRPC, options: { url: '0.0.0.0:50051' } });")).toBe(
    '3000 50051',
  );
  expect(listens("app.connectMicroservice({ transport: Transport.RMQ, options: { urls: ['amqp://x'] } });")).toBe(
    '3000',
  );
  expect(listens("app.connectMicroservice({ transport: Transport.TCP, options: { port: config.get('TCP') } });")).toBe(
    '3000 ?',
  );
  expect(listens('app.connectMicroservice(makeOptions());')).toBe('3000 ?');
  expect(listens('new WebSocketServer({ port: 8081 });')).toBe('3000 8081');
  expect(listens('new WebSocketServer({ server: app.getHttpServer() });')).toBe('3000');
});

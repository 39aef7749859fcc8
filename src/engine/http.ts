import { request as plainRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Call, HttpOutcome, HttpRequest } from './engine.ts';

const bodyLimit = 2_000_000;

/** One HTTP exchange from the host. Redirects are not followed and certificates not verified: what the server itself says is
 * what is measured. No proxy is used. Never throws. */
export function httpRequest(asked: HttpRequest, call: Call = {}): Promise<HttpOutcome> {
  const started = performance.now();
  const seconds = call.seconds ?? 10;
  const headers = Object.entries(asked.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const argv = ['curl', '-sSik', ...(asked.method === undefined ? [] : ['-X', asked.method]), ...headers, asked.url];
  return new Promise((resolve) => {
    const done = (rest: Partial<HttpOutcome>): void =>
      resolve({
        argv,
        ended: 'exit',
        exit: 0,
        stdout: '',
        stderr: '',
        headers: {},
        body: '',
        ...rest,
        seconds: (performance.now() - started) / 1000,
      });
    const timeout = AbortSignal.timeout(seconds * 1000);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]);
    const send = asked.url.startsWith('https:') ? httpsRequest : plainRequest;
    const exchange = send(
      asked.url,
      {
        method: asked.method ?? 'GET',
        headers: { 'user-agent': 'plimsoll', ...asked.headers },
        agent: false,
        rejectUnauthorized: false,
        signal,
      },
      (response) => {
        let body = '';
        const status = response.statusCode ?? 0;
        const said: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) {
          if (value !== undefined) said[name] = Array.isArray(value) ? value.join(', ') : value;
        }
        const head = `HTTP/${response.httpVersion} ${status} ${response.statusMessage ?? ''}`;
        const lines = Object.entries(said).map(([name, value]) => `${name}: ${value}`);
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < bodyLimit) body += chunk;
        });
        const finish = (): void =>
          done({
            status,
            headers: said,
            body,
            stdout: [head, ...lines, '', body.slice(0, 2000)].join('\n'),
          });
        response.on('end', finish);
        response.on('error', finish);
      },
    );
    exchange.on('error', (error) => {
      const stopped = call.signal?.aborted === true;
      const why = timeout.aborted ? `no answer within ${seconds} s` : error.message;
      done({ ended: stopped ? 'aborted' : 'exit', exit: 7, stderr: why, fault: `${asked.url}: ${why}` });
    });
    exchange.end();
  });
}

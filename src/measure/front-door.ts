import type { HttpOutcome } from '../engine/engine.ts';
import { succeeded } from '../engine/outcome.ts';
import type { Container } from './container.ts';
import { measured, notMeasured, type Row } from './row.ts';
import { addressOf, pause, type RunningStack } from './stack.ts';

export interface FrontHints {
  /** Paths that the API serves, as far as known: of the config or of the model's routes. */
  readonly api: readonly string[];
  /** A path that the page's own router serves. */
  readonly deepLink?: string;
}

const doors = ['front.index', 'front.deepLink', 'front.asset', 'front.api', 'front.headers'] as const;

/** Asks the front door as a browser would: the index, a deep link, a hashed asset, the API. */
export async function frontDoorRows(
  stack: RunningStack,
  seen: readonly Container[],
  hints: FrontHints,
): Promise<Row[]> {
  const published = stack.services.filter((service) => service.ports.length > 0);
  if (published.length === 0) return doors.map((door) => notMeasured(door, 'the stack publishes no port'));
  const tried: HttpOutcome[] = [];
  const answers: { base: string; index: HttpOutcome }[] = [];
  for (const service of published) {
    const container = seen.find((candidate) => candidate.service === service.name && candidate.running);
    if (container === undefined) continue;
    for (const port of service.ports) {
      const address = addressOf(stack, container, port);
      if (address === undefined) continue;
      const index = await patiently(stack, `http://${address}/`);
      tried.push(index);
      if (index.status !== undefined) answers.push({ base: `http://${address}`, index });
    }
  }
  const page = answers.find(({ index }) => isHtml(index) && index.status === 200);
  const door = page ?? answers[0];
  if (door === undefined) {
    const first = tried[0];
    if (first === undefined) return doors.map((name) => notMeasured(name, 'no published service is running'));
    const row = measured('front.index', false, first.fault ?? 'no answer', first);
    return [
      row,
      ...doors.slice(1).map((name) => notMeasured(name, 'the front door does not answer', undefined, first)),
    ];
  }
  const get = (path: string, accept: string): Promise<HttpOutcome> =>
    stack.engine.request({ url: door.base + path, headers: { accept } }, stack.call);
  const { index } = door;
  const api = await apiRow(get, hints);
  if (page === undefined) {
    const why = `the front door serves no page (${index.status} ${index.headers['content-type'] ?? ''})`.trim();
    return [
      ...doors.filter((name) => name !== 'front.api').map((name) => notMeasured(name, why, undefined, index)),
      api,
    ];
  }
  const asset = hashedAsset(index.body);
  const fetched = asset === undefined ? undefined : await get(asset, '*/*');
  const deep = await get(hints.deepLink ?? '/plimsoll/deep/link', 'text/html,application/xhtml+xml');
  return [
    measured('front.index', true, `200, ${index.body.length} characters of HTML`, index),
    deepLinkRow(index, deep, asset !== undefined, hints.deepLink !== undefined),
    assetRow(asset, fetched, index),
    api,
    headersRow(index, [...(fetched?.status === 200 ? [{ what: asset ?? '', answer: fetched }] : [])]),
  ];
}

/** A server without a health check may need a moment more. */
async function patiently(stack: RunningStack, url: string): Promise<HttpOutcome> {
  for (let attempt = 0; ; attempt++) {
    const answer = await stack.engine.request({ url, headers: { accept: 'text/html,*/*' } }, stack.call);
    if (answer.status !== undefined || attempt >= 8 || stack.call.signal?.aborted === true) return answer;
    await pause(500, stack.call.signal);
  }
}

function isHtml(answer: HttpOutcome): boolean {
  return /html/.test(answer.headers['content-type'] ?? '');
}

/** The path of a script or style sheet with a content hash in its name. */
export function hashedAsset(html: string): string | undefined {
  for (const [, path = ''] of html.matchAll(
    /(?:src|href)=["']?(\/[^"'\s>]+?\.(?:js|mjs|css))(?:\?[^"'\s>]*)?["'\s>]/g,
  )) {
    const hash = /[-.]([A-Za-z0-9_-]{8,32})\.(?:js|mjs|css)$/.exec(path)?.[1];
    // A hash has digits or mixed case; `bootstrap` has neither.
    if (hash !== undefined && (/\d/.test(hash) || (/[a-z]/.test(hash) && /[A-Z]/.test(hash)))) return path;
  }
  return undefined;
}

function deepLinkRow(index: HttpOutcome, deep: HttpOutcome, bundled: boolean, asked: boolean): Row {
  const single = bundled || /<div id=["']?(?:root|app|__next)\b/.test(index.body);
  if (!asked && !single)
    return notMeasured('front.deepLink', 'the page is no single-page application', undefined, deep);
  const same = deep.status === 200 && isHtml(deep) && (asked || deep.body === index.body);
  return measured(
    'front.deepLink',
    same,
    `${deep.status ?? deep.fault}${same ? ', the page' : ''} for ${path(deep)}`,
    deep,
  );
}

function assetRow(asset: string | undefined, fetched: HttpOutcome | undefined, index: HttpOutcome): Row {
  if (asset === undefined || fetched === undefined) {
    return notMeasured('front.asset', 'the page names no script or style with a hash in its name', undefined, index);
  }
  const cache = fetched.headers['cache-control'] ?? '';
  const long = /immutable/.test(cache) || Number(/max-age=(\d+)/.exec(cache)?.[1] ?? 0) >= 2_592_000;
  const text = `${fetched.status ?? fetched.fault} for ${asset}, cache-control: ${cache === '' ? 'none' : cache}`;
  return measured('front.asset', fetched.status === 200 && long, text, fetched);
}

const guesses = [
  '/api/health',
  '/api/healthz',
  '/api/v1/health',
  '/api/ready',
  '/health',
  '/healthz',
  '/api/openapi.json',
  '/openapi.json',
  '/api/',
];

async function apiRow(get: (path: string, accept: string) => Promise<HttpOutcome>, hints: FrontHints): Promise<Row> {
  const known = hints.api.length > 0;
  let gateway: HttpOutcome | undefined;
  let last: HttpOutcome | undefined;
  for (const candidate of known ? hints.api : guesses) {
    const answer = await get(candidate, 'application/json');
    last = answer;
    const status = answer.status ?? 0;
    if (status >= 502 && status <= 504) gateway ??= answer;
    // A page's fallback answers everything with HTML: that is not the API.
    if (status > 0 && status < 500 && status !== 404 && status !== 405 && !isHtml(answer)) {
      return measured(
        'front.api',
        status < 400 || status === 401 || status === 403 || status === 422,
        `${status} for ${candidate}`,
        answer,
      );
    }
  }
  const bad = gateway ?? last;
  if (gateway !== undefined || (known && bad !== undefined)) {
    return measured('front.api', false, `${bad?.status ?? bad?.fault} for ${bad === undefined ? '' : path(bad)}`, bad);
  }
  return notMeasured(
    'front.api',
    `no path of the API is known (tried ${guesses.join(', ')}); name one in the config`,
    undefined,
    bad,
  );
}

function path(answer: HttpOutcome): string {
  return new URL(answer.argv.at(-1) ?? 'http://x/').pathname;
}

const wanted: readonly (readonly [string, (headers: Readonly<Record<string, string>>) => boolean])[] = [
  ['X-Content-Type-Options', (headers) => headers['x-content-type-options'] === 'nosniff'],
  [
    'Content-Security-Policy or X-Frame-Options',
    (headers) => headers['content-security-policy'] !== undefined || headers['x-frame-options'] !== undefined,
  ],
  ['Referrer-Policy', (headers) => headers['referrer-policy'] !== undefined],
];

function headersRow(index: HttpOutcome, others: readonly { what: string; answer: HttpOutcome }[]): Row {
  const missing = [{ what: '/', answer: index }, ...others].flatMap(({ what, answer }) =>
    wanted.filter(([, holds]) => succeeded(answer) && !holds(answer.headers)).map(([name]) => `${name} on ${what}`),
  );
  const text =
    missing.length === 0
      ? `on ${['/', ...others.map((other) => other.what)].join(' and ')}`
      : `missing: ${missing.join(', ')}`;
  return measured('front.headers', missing.length === 0, text, index);
}
